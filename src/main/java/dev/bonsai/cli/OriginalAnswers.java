package dev.bonsai.cli;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.Batchifier;
import ai.djl.util.Progress;
import dev.bonsai.cli.input.Sample;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Samples with what a model made of each before it was compressed.
 *
 * @param samples the samples
 * @param answers the outputs of each
 */
record OriginalAnswers(List<Sample> samples, List<List<Tensor>> answers) implements Dataset {

    static OriginalAnswers of(GraphModel graph, Samples samples) {
        PlainModel model = PlainModel.of(graph);
        return new OriginalAnswers(
                samples.all(),
                samples.all().stream().map(sample -> model.run(sample.tensors())).toList());
    }

    @Override
    public Iterable<Batch> getData(NDManager manager) {
        return () -> batches(manager);
    }

    private Iterator<Batch> batches(NDManager parent) {
        return IntStream.range(0, samples.size())
                .mapToObj(
                        i -> {
                            NDManager manager = parent.newSubManager();
                            return new Batch(
                                    manager,
                                    PostTraining.arrays(samples.get(i).inputs(), manager),
                                    PostTraining.arrays(answers.get(i), manager),
                                    1,
                                    Batchifier.STACK,
                                    Batchifier.STACK,
                                    i,
                                    samples.size());
                        })
                .iterator();
    }

    @Override
    public void prepare(Progress progress) {
        // everything is there
    }
}
