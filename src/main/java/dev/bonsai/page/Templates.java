package dev.bonsai.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;

/** The templates of this package, compiled when it was built. */
final class Templates {

    private static final TemplateEngine ENGINE =
            TemplateEngine.createPrecompiled(
                    null,
                    ContentType.Html,
                    Templates.class.getClassLoader(),
                    Templates.class.getPackageName());

    private Templates() {}

    /** Fills a template. */
    static String fill(String template, Map<String, Object> values) {
        StringOutput page = new StringOutput();
        ENGINE.render(template, values, page);
        return page.toString();
    }
}
