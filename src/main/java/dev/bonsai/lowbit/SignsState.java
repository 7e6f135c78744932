package dev.bonsai.lowbit;

import dev.bonsai.core.RotatingNoise;
import dev.bonsai.core.TransformState;
import java.util.Optional;

/**
 * What signs have besides the settings and the weight.
 *
 * @param mapped how many channels are mapped
 * @param noise where the noise stands; empty if signs are not taken by chance
 */
record SignsState(int mapped, Optional<RotatingNoise.State> noise) implements TransformState {}
