package dev.bonsai.gate;

import dev.bonsai.core.Levels;

/**
 * A technique as the gate's machine sees it.
 *
 * @param name the name for the record
 * @param levels the levels it may go through
 * @param gate the index of the gate whose metric stands in its rows
 */
public record JudgedTechnique(String name, Levels levels, int gate) {}
