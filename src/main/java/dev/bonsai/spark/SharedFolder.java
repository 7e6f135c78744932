package dev.bonsai.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A folder that driver and executors see alike: on any file system that Hadoop knows, such as HDFS
 * or an object store, or a folder that is mounted on each machine. An experiment puts the model's
 * file there, and the driver's listener takes the best. It can be sent to executors.
 */
public final class SharedFolder implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    private final URI uri;
    private transient Configuration settings;

    private SharedFolder(URI uri, Configuration settings) {
        this.uri = uri;
        this.settings = settings;
    }

    /**
     * Names a folder, which is made if it is not there.
     *
     * @param uri the folder, such as {@code hdfs:///search} or {@code file:///mnt/search}; without
     *     a scheme it is on Hadoop's default file system, which is the local one where none is set
     * @param context the context, which knows how to reach the file system
     * @return the folder
     * @throws IOException if it can't be made
     */
    public static SharedFolder of(String uri, JavaSparkContext context) throws IOException {
        return of(uri, context.hadoopConfiguration());
    }

    static SharedFolder of(String uri, Configuration settings) throws IOException {
        FileSystem files = new Path(uri).getFileSystem(settings);
        Path folder = files.makeQualified(new Path(uri));
        if (!files.mkdirs(folder)) {
            throw new IOException(folder + ": this folder could not be made; take another");
        }
        return new SharedFolder(folder.toUri(), settings);
    }

    /**
     * Puts a file into the folder, in place of one of this name; others see it whole or not at all.
     *
     * @param file a local file
     * @param name its name in the folder
     * @throws IOException if it can't be read or written
     */
    public void put(java.nio.file.Path file, String name) throws IOException {
        FileSystem files = files();
        Path aside = new Path(path(name).getParent(), "." + UUID.randomUUID());
        try {
            files.copyFromLocalFile(false, true, local(file), aside);
            files.delete(path(name), false);
            if (!files.rename(aside, path(name))) {
                throw new IOException(
                        String.format(
                                Locale.ROOT,
                                "%s: this file could not be put into place; make room, or let it be"
                                        + " written to",
                                path(name)));
            }
        } finally {
            files.delete(aside, false);
        }
    }

    /**
     * Copies a file of the folder, whole or not at all.
     *
     * @param name its name in the folder
     * @param file the local file, which is replaced
     * @throws FileNotFoundException if there is no file of this name
     * @throws IOException if it can't be read or written
     */
    public void get(String name, java.nio.file.Path file) throws IOException {
        java.nio.file.Path aside = file.resolveSibling("." + UUID.randomUUID());
        try {
            files().copyToLocalFile(false, path(name), local(aside), true);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    /**
     * Tells whether the folder has a file.
     *
     * @param name its name in the folder
     * @return true if it has
     * @throws IOException if the file system can't be reached
     */
    public boolean has(String name) throws IOException {
        return files().exists(path(name));
    }

    /**
     * Deletes a file of the folder; one that is not there need not be.
     *
     * @param name its name in the folder
     * @throws IOException if it can't be deleted
     */
    public void delete(String name) throws IOException {
        files().delete(path(name), false);
    }

    private static Path local(java.nio.file.Path file) {
        return new Path(file.toUri());
    }

    private Path path(String name) {
        Path path = new Path(new Path(uri), name);
        if (name.isBlank() || !path.getParent().equals(new Path(uri))) {
            throw new IllegalArgumentException(
                    "A file of " + uri + " has a name without a folder, but got '" + name + "'");
        }
        return path;
    }

    private FileSystem files() throws IOException {
        FileSystem files = FileSystem.get(uri, settings);
        // which would hold a checksum of each file as another file
        return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        settings.write(out);
    }

    @Serial
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        settings = new Configuration(false);
        settings.readFields(in);
    }

    /** Returns where it is. */
    @Override
    public String toString() {
        return uri.toString();
    }
}
