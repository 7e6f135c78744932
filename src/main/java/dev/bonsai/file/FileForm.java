package dev.bonsai.file;

/** How the numbers of a {@code .bonsai} file are laid down; both forms hold the same model. */
public enum FileForm {
    /**
     * In as few bits as what came before lets expect: the smallest file. Each element takes some
     * 0.1 to 0.2 microseconds to write and to read.
     */
    CODED,

    /**
     * In as many bits as their range needs: a larger file, which is written and read ten times as
     * fast and can be read by versions without a coder.
     */
    PACKED
}
