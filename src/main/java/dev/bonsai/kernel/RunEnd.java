package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import dev.bonsai.gate.GateMachine;
import dev.bonsai.report.EpochSummary;
import dev.bonsai.report.TrainingTime;
import java.util.List;
import java.util.Optional;

/**
 * What a run has come to.
 *
 * @param root the user's block
 * @param inputs an input of the training
 * @param parts what the run worked with
 * @param settings what the listeners were built with
 * @param machine the gate's machine
 * @param plan the accepted plan
 * @param epochs how far it had come at each epoch's end
 * @param heard what the listener was told
 * @param time how long it took
 * @param failure what kept the last state from being judged
 */
record RunEnd(
        Block root,
        NDList inputs,
        SessionParts parts,
        JoinedSettings settings,
        GateMachine machine,
        Plan plan,
        List<EpochSummary> epochs,
        EventsHeard heard,
        TrainingTime time,
        Optional<Throwable> failure) {}
