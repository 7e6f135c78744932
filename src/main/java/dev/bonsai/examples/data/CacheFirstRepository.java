package dev.bonsai.examples.data;

import ai.djl.basicdataset.BasicDatasets;
import ai.djl.repository.MRL;
import ai.djl.repository.Metadata;
import ai.djl.repository.RemoteRepository;
import ai.djl.util.JsonUtils;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * DJL's repository of data sets, for machines that are not always on line: what has been downloaded
 * is found without asking the network, which DJL does again when its cache is a day old.
 */
class CacheFirstRepository extends RemoteRepository {

    CacheFirstRepository() {
        this(BasicDatasets.DJL_REPO_URL);
    }

    CacheFirstRepository(URI uri) {
        super("BasicDataset", uri);
    }

    @Override
    public Metadata locate(MRL mrl) throws IOException {
        Path folder = getCacheDirectory().resolve(mrl.toURI().getPath());
        Path description = folder.resolve("metadata.json");
        if (!Files.exists(folder.resolve(mrl.getVersion())) || !Files.exists(description)) {
            return super.locate(mrl);
        }
        try (Reader reader = Files.newBufferedReader(description)) {
            Metadata metadata = JsonUtils.GSON_PRETTY.fromJson(reader, Metadata.class);
            metadata.init(Map.of());
            metadata.setRepositoryUri(mrl.toURI());
            return metadata;
        }
    }
}
