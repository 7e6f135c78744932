package dev.bonsai.kernel;

import ai.djl.training.listener.TrainingListener;
import java.util.Optional;

/**
 * What was saved last while the model was trained, and by which listener: the accepted state may
 * have gone on since.
 */
final class SavedStates {

    private final Class<?> own;
    private volatile Optional<Save> last = Optional.empty();

    /**
     * One save.
     *
     * @param state what was saved; empty where nothing was accepted yet
     * @param saver the listener that saved, where one did
     */
    private record Save(Optional<AcceptedState> state, Optional<String> saver) {}

    /**
     * @param own the class of the listeners that compress
     */
    SavedStates(Class<?> own) {
        this.own = own;
    }

    /** Called by who saves, which may be any thread. */
    void add(Optional<AcceptedState> state) {
        last = Optional.of(new Save(state, saver()));
    }

    private Optional<String> saver() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .<Optional<String>>walk(
                        frames ->
                                frames.<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                                        .filter(TrainingListener.class::isAssignableFrom)
                                        .filter(listener -> listener != own)
                                        .findFirst()
                                        .map(SavedStates::name));
    }

    private static String name(Class<?> listener) {
        return listener.isAnonymousClass() ? listener.getName() : listener.getSimpleName();
    }

    /**
     * Returns a note if what was saved last is not the state that the training ended with.
     *
     * @param end the accepted state at the end
     */
    Optional<String> note(Optional<AcceptedState> end) {
        return last.filter(save -> !save.state.equals(end)).map(SavedStates::note);
    }

    private static String note(Save save) {
        String what =
                save.saver
                        .map(saver -> saver + " last saved the model")
                        .orElse("the model was last saved");
        return what
                + " before the end of the compression: unless it is saved once more, that file is"
                + " not the model of this report. Save it after the trainer is closed"
                + save.saver
                        .map(saver -> ", or add " + saver + " behind the CompressionListener")
                        .orElse("")
                + save.saver
                        .filter("SaveModelTrainingListener"::equals)
                        .map(saver -> " and have it save at the end alone (a checkpoint of -1)")
                        .orElse("");
    }
}
