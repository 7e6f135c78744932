package dev.bonsai.trace;

import ai.djl.nn.Block;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who has called a watched array.
 *
 * @param block the type of the innermost block that is at work
 * @param line the line of source that made the call
 */
record Caller(String block, String line) {

    private static final StackWalker WALKER =
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** What lies between a block and the watch. */
    private static final Set<String> BETWEEN =
            Set.of("java.", "jdk.", "sun.", "com.sun.", "ai.djl.ndarray.", "ai.djl.pytorch.");

    /** Finds the caller on the stack of this thread. */
    static Caller find() {
        String block =
                WALKER.walk(
                        frames ->
                                frames.map(StackWalker.StackFrame::getDeclaringClass)
                                        .filter(Block.class::isAssignableFrom)
                                        .findFirst()
                                        .map(Class::getSimpleName)
                                        .orElse("the block"));
        String line = WALKER.walk(Caller::line);
        return new Caller(block.isEmpty() ? "a block without a name" : block, line);
    }

    private static String line(Stream<StackWalker.StackFrame> frames) {
        return frames.filter(frame -> !isBetween(frame.getDeclaringClass()))
                .findFirst()
                .map(frame -> frame.toStackTraceElement().toString())
                .map(text -> text.substring(text.lastIndexOf('/') + 1))
                .orElse("an unknown line");
    }

    private static boolean isBetween(Class<?> type) {
        String name = type.getName();
        return type.getNestHost() == OperatorWatch.class
                || type == Caller.class
                || type.getNestHost() == Recording.class
                || BETWEEN.stream().anyMatch(name::startsWith)
                || name.contains("$Proxy");
    }

    /**
     * Returns the operator of an array of the engine's own that has turned a watched array into a
     * plain one; empty if the block itself reads the values.
     */
    static Optional<String> plainReceiver() {
        return WALKER.walk(
                frames -> {
                    StackWalker.StackFrame[] all = frames.toArray(StackWalker.StackFrame[]::new);
                    for (int i = 0; i + 1 < all.length; ++i) {
                        boolean taken =
                                all[i].getMethodName().equals("from")
                                        && all[i].getClassName().endsWith("NDManager");
                        if (taken) {
                            return Optional.of(all[i + 1].getMethodName());
                        }
                    }
                    return Optional.empty();
                });
    }

    @Override
    public String toString() {
        return block + ", at " + line;
    }
}
