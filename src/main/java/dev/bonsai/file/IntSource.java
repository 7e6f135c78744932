package dev.bonsai.file;

/** Numbers that are about to be read: the bytes are there, so that memory can be taken for them. */
@FunctionalInterface
interface IntSource {

    /** Where numbers go that are read one after the other. */
    @FunctionalInterface
    interface Target {

        void accept(int value) throws BonsaiFormatException;
    }

    /** Reads all of them. */
    void read(Target target) throws BonsaiFormatException;
}
