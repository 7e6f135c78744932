package dev.bonsai.recipe;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.bonsai.json.Flaw;
import dev.bonsai.report.RunEnvironment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.comments.CommentLine;
import org.snakeyaml.engine.v2.comments.CommentType;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Writes JSON as YAML with comments, for people. */
final class YamlText {

    /** A recipe is read in an editor, whose lines are as long as they need to be. */
    private static final int WIDTH = 1000;

    private static final String MISSING = "MISSING: ";

    private static final DumpSettings SETTINGS =
            DumpSettings.builder()
                    .setDumpComments(true)
                    .setDefaultFlowStyle(FlowStyle.BLOCK)
                    .setIndentWithIndicator(true)
                    .setIndicatorIndent(2)
                    .setWidth(WIDTH)
                    .build();

    /** What stands above the keys of the upper levels; above the first of an item nothing can. */
    private static final Map<String, String> COMMENTS =
            Map.of(
                    "seed", "Determines every random choice of the training.",
                    "setup", "What the compression begins with.",
                    "stages",
                            "The trainings, one after the other; techniques are applied and tried"
                                    + " in their order.",
                    "gate", "What judges each step, and what it may cost.",
                    "warmup", "How long the model is trained before anything is tried.",
                    "training", "How the model is trained meanwhile.",
                    "dense", "How the network was trained before.");

    private final Map<List<Object>, String> missing = new LinkedHashMap<>();

    private YamlText(List<Flaw> flaws) {
        flaws.forEach(flaw -> missing.put(flaw.path(), flaw.message()));
    }

    /**
     * Writes an object.
     *
     * @param json the object
     * @param missing what is null in it, and why
     */
    static String of(JsonObject json, List<Flaw> missing) {
        Node root = new YamlText(missing).node(json, List.of());
        root.setBlockComments(
                List.of(
                        comment(
                                "A recipe of Bonsai "
                                        + RunEnvironment.bonsaiVersion()
                                        + "; docs/recipes.md explains every key.")));
        return new Present(SETTINGS)
                .emitToString(new Serialize(SETTINGS).serializeOne(root).iterator());
    }

    private static CommentLine comment(String text) {
        return new CommentLine(Optional.empty(), Optional.empty(), " " + text, CommentType.BLOCK);
    }

    private Node node(JsonElement json, List<Object> path) {
        if (json.isJsonObject()) {
            return mapping(json.getAsJsonObject(), path);
        }
        if (json.isJsonArray()) {
            List<Node> items = new ArrayList<>();
            boolean whole = true;
            for (JsonElement item : json.getAsJsonArray()) {
                List<Object> place = in(path, items.size());
                Node node = node(item, place);
                String flaw = missing.get(place);
                if (flaw != null) {
                    node.setBlockComments(List.of(comment(MISSING + flaw)));
                    whole = false;
                }
                items.add(node);
            }
            return new SequenceNode(
                    Tag.SEQ, items, whole && isPlain(items) ? FlowStyle.FLOW : FlowStyle.BLOCK);
        }
        return json.isJsonNull() ? scalar(Tag.NULL, "") : scalar(json.getAsJsonPrimitive());
    }

    /** Numbers stand in one line. */
    private static boolean isPlain(List<Node> items) {
        return items.stream().noneMatch(item -> item.getTag().equals(Tag.STR))
                && items.stream().allMatch(ScalarNode.class::isInstance);
    }

    private Node mapping(JsonObject json, List<Object> path) {
        List<NodeTuple> tuples = new ArrayList<>();
        json.asMap()
                .forEach(
                        (name, value) -> {
                            Node key = scalar(Tag.STR, name);
                            String flaw = missing.get(in(path, name));
                            if (flaw != null) {
                                key.setBlockComments(List.of(comment(MISSING + flaw)));
                            } else if (COMMENTS.containsKey(name)) {
                                key.setBlockComments(List.of(comment(COMMENTS.get(name))));
                            }
                            tuples.add(new NodeTuple(key, node(value, in(path, name))));
                        });
        return new MappingNode(Tag.MAP, tuples, FlowStyle.BLOCK);
    }

    private static List<Object> in(List<Object> path, Object step) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    private static Node scalar(JsonPrimitive json) {
        if (json.isString()) {
            return scalar(Tag.STR, json.getAsString());
        }
        if (json.isBoolean()) {
            return scalar(Tag.BOOL, json.getAsString());
        }
        double number = json.getAsDouble();
        if (!Double.isFinite(number)) {
            return scalar(Tag.FLOAT, Double.isNaN(number) ? ".nan" : number > 0 ? ".inf" : "-.inf");
        }
        String text = json.getAsString();
        return scalar(text.matches("-?\\d+") ? Tag.INT : Tag.FLOAT, text);
    }

    private static Node scalar(Tag tag, String text) {
        return new ScalarNode(tag, text, ScalarStyle.PLAIN);
    }
}
