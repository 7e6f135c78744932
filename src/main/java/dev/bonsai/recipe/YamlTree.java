package dev.bonsai.recipe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.bonsai.json.Flaw;
import dev.bonsai.json.Flaw.Part;
import dev.bonsai.recipe.RecipeException.Mistake;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML text as JSON, of which it is known where in the text each value stands. */
final class YamlTree {

    private static final int MOST_LEVELS = 32;
    private static final int MOST_VALUES = 10_000;

    private final Node root;
    private final JsonObject object;

    private YamlTree(Node root, JsonObject object) {
        this.root = root;
        this.object = object;
    }

    /**
     * Reads a text.
     *
     * @param yaml the text
     * @param name what messages name
     * @throws RecipeException if it is no YAML, or no mapping of plain values
     */
    static YamlTree of(String yaml, String name) {
        try {
            LoadSettings settings =
                    LoadSettings.builder()
                            .setLabel(name)
                            .setCodePointLimit(RecipeFormat.MOST_BYTES)
                            .setMaxAliasesForCollections(MOST_VALUES)
                            .build();
            checkLevels(new Parse(settings).parseString(yaml));
            Node root = new Compose(settings).composeString(yaml).orElse(null);
            if (!(root instanceof MappingNode)) {
                throw new Refusal(
                        Optional.ofNullable(root),
                        "A recipe is a mapping with the key 'stages', but got "
                                + (root == null ? "nothing" : "another value"));
            }
            Conversion conversion = new Conversion();
            JsonElement json = conversion.json(root, 1);
            if (!conversion.mistakes.isEmpty()) {
                throw new RecipeException(name, conversion.mistakes);
            }
            return new YamlTree(root, json.getAsJsonObject());
        } catch (Refusal e) {
            throw new RecipeException(name, List.of(mistake(e.node, e.getMessage())));
        } catch (MarkedYamlEngineException e) {
            String context = e.getContext() == null ? "" : e.getContext() + ": ";
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            throw new RecipeException(
                    name, List.of(mistake(mark, "This is no YAML: " + context + e.getProblem())));
        } catch (YamlEngineException e) {
            throw new RecipeException(
                    name, List.of(mistake((Mark) null, "This is no YAML: " + e.getMessage())));
        }
    }

    /** One value that ends the reading. */
    private static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient Optional<Node> node;

        Refusal(Optional<Node> node, String message) {
            super(message);
            this.node = node;
        }
    }

    /** Before nodes are made, which takes a call within a call for each level. */
    private static void checkLevels(Iterable<Event> events) {
        int levels = 0;
        for (Event event : events) {
            levels += event instanceof CollectionStartEvent ? 1 : 0;
            levels -= event instanceof CollectionEndEvent ? 1 : 0;
            if (levels > MOST_LEVELS) {
                throw new MarkedYamlEngineException(
                        null, Optional.empty(), tooDeep(), event.getStartMark()) {

                    private static final long serialVersionUID = 1;
                };
            }
        }
    }

    private static String tooDeep() {
        return "a recipe has at most " + MOST_LEVELS + " levels, but this one has more";
    }

    private static Mistake mistake(Optional<Node> node, String message) {
        return mistake(node.flatMap(Node::getStartMark).orElse(null), message);
    }

    private static Mistake mistake(Mark mark, String message) {
        return mark == null
                ? new Mistake(1, 1, message)
                : new Mistake(mark.getLine() + 1, mark.getColumn() + 1, message);
    }

    JsonObject object() {
        return object;
    }

    /** Returns the mistakes that flaws of the object are, in the order of the text. */
    List<Mistake> mistakes(List<Flaw> flaws) {
        return flaws.stream()
                .map(flaw -> mistake(find(flaw), flaw.message() + Suggestion.of(flaw)))
                .sorted(Comparator.comparingInt(Mistake::line).thenComparing(Mistake::column))
                .toList();
    }

    private Optional<Node> find(Flaw flaw) {
        Node node = root;
        for (int i = 0; i < flaw.path().size(); ++i) {
            Object step = flaw.path().get(i);
            if (node instanceof SequenceNode sequence && step instanceof Integer item) {
                node = sequence.getValue().get(item);
            } else if (node instanceof MappingNode mapping) {
                NodeTuple tuple = tuple(mapping, step.toString());
                boolean last = i == flaw.path().size() - 1;
                node = last && flaw.part() == Part.NAME ? tuple.getKeyNode() : tuple.getValueNode();
            }
        }
        return Optional.of(node);
    }

    private static NodeTuple tuple(MappingNode mapping, String key) {
        return mapping.getValue().stream()
                .filter(tuple -> ((ScalarNode) tuple.getKeyNode()).getValue().equals(key))
                .findFirst()
                .orElseThrow();
    }

    /** Makes JSON of nodes, and gathers what is wrong. */
    private static final class Conversion {

        private final List<Mistake> mistakes = new ArrayList<>();
        private int values;

        JsonElement json(Node node, int level) {
            if (level > MOST_LEVELS) { // aliases make more than there are in the text
                throw new Refusal(Optional.of(node), "This is too deep: " + tooDeep());
            }
            if (++values > MOST_VALUES) {
                throw new Refusal(
                        Optional.of(node),
                        "A recipe has at most "
                                + MOST_VALUES
                                + " values, aliases counted as often as they are used, but this"
                                + " one has more");
            }
            if (node instanceof MappingNode mapping) {
                return object(mapping, level);
            }
            if (node instanceof SequenceNode sequence) {
                JsonArray array = new JsonArray();
                sequence.getValue().forEach(item -> array.add(json(item, level + 1)));
                return array;
            }
            return scalar((ScalarNode) node);
        }

        private JsonObject object(MappingNode mapping, int level) {
            JsonObject json = new JsonObject();
            for (NodeTuple tuple : mapping.getValue()) {
                Node key = tuple.getKeyNode();
                if (!(key instanceof ScalarNode name)) {
                    add(key, "A key is a text, but got a list or a mapping");
                } else if (json.has(name.getValue())) {
                    add(key, "The key '" + name.getValue() + "' is given twice: remove one");
                } else {
                    json.add(name.getValue(), json(tuple.getValueNode(), level + 1));
                }
            }
            return json;
        }

        private JsonElement scalar(ScalarNode node) {
            String text = node.getValue();
            Tag tag = node.getTag();
            if (tag.equals(Tag.STR)) {
                return new JsonPrimitive(text);
            }
            if (tag.equals(Tag.BOOL)) {
                return new JsonPrimitive(text.equals("true"));
            }
            try {
                if (tag.equals(Tag.INT)) {
                    return new JsonPrimitive(new BigInteger(text));
                }
                if (tag.equals(Tag.FLOAT)) {
                    return new JsonPrimitive(number(text));
                }
            } catch (NumberFormatException e) {
                add(node, "A number was expected, but got '" + text + "'");
                return JsonNull.INSTANCE;
            }
            add(
                    node,
                    tag.equals(Tag.NULL)
                            ? "A value is missing: give one, or remove the key to have its"
                                    + " default"
                            : "A recipe has no tags, but got " + tag + ": remove it");
            return JsonNull.INSTANCE;
        }

        private static Number number(String text) {
            return switch (text) {
                case ".inf" -> Double.POSITIVE_INFINITY;
                case "-.inf" -> Double.NEGATIVE_INFINITY;
                case ".nan" -> Double.NaN;
                default -> new BigDecimal(text);
            };
        }

        private void add(Node node, String message) {
            mistakes.add(mistake(Optional.of(node), message));
        }
    }
}
