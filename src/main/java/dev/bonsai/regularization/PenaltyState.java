package dev.bonsai.regularization;

import dev.bonsai.core.TransformState;

/**
 * How strong a penalty is; its norm is one of the settings.
 *
 * @param strength the strength, per step
 */
record PenaltyState(float strength) implements TransformState {}
