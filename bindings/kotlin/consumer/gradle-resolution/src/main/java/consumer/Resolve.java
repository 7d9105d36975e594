package consumer;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gradle.api.Project;
import org.gradle.api.artifacts.Configuration;
import org.gradle.api.attributes.Category;
import org.gradle.api.attributes.Usage;
import org.gradle.api.attributes.java.TargetJvmEnvironment;
import org.gradle.testfixtures.ProjectBuilder;

/**
 * Resolves what an app declares, and writes the files of each case into one file of a folder: {@code jvm}, {@code platform},
 * {@code android}, {@code android-tests}.
 */
public final class Resolve {
    private Resolve() {}

    /** The arguments: our repository, the version, the folder. */
    public static void main(String[] arguments) {
        int code = 1;
        try {
            new Resolve.Cases(arguments).run();
            code = 0;
        } catch (Throwable problem) {
            problem.printStackTrace();
        }
        // Gradle leaves threads behind.
        Runtime.getRuntime().halt(code);
    }

    private static final class Cases {
        private final String ours;
        private final String version;
        private final Path folder;

        Cases(String[] arguments) {
            ours = arguments[0];
            version = arguments[1];
            folder = Path.of(arguments[2]);
        }

        void run() throws IOException {
            write("jvm", TargetJvmEnvironment.STANDARD_JVM, "b2core-auth", "b2core-auth-okhttp", "b2core-auth-test");
            write("platform", TargetJvmEnvironment.STANDARD_JVM, "b2core-auth-platform");
            write("android", TargetJvmEnvironment.ANDROID, "b2core-auth", "b2core-auth-okhttp", "b2core-auth-ktor");
            write("android-tests", TargetJvmEnvironment.ANDROID, "b2core-auth", "b2core-auth-test");
            try {
                resolve(TargetJvmEnvironment.STANDARD_JVM, "b2core-auth-platform", "b2core-auth-okhttp");
            } catch (RuntimeException problem) {
                Files.writeString(folder.resolve("both-flavours"), causes(problem));
            }
        }

        private void write(String name, String environment, String... modules) throws IOException {
            List<String> files = new ArrayList<>();
            resolve(environment, modules).forEach(file -> files.add(file.getPath()));
            Files.writeString(folder.resolve(name), String.join("\n", files) + "\n");
        }

        private Iterable<File> resolve(String environment, String... modules) {
            Project project = ProjectBuilder.builder().build();
            project.getPluginManager().apply("java-library");
            project.getRepositories().maven(maven -> maven.setUrl(URI.create(ours)));
            project.getRepositories().mavenCentral();
            Configuration configuration = project.getConfigurations().create("app");
            configuration.setCanBeConsumed(false);
            configuration.attributes(attributes -> {
                attributes.attribute(Usage.USAGE_ATTRIBUTE, project.getObjects().named(Usage.class, Usage.JAVA_RUNTIME));
                attributes.attribute(
                    Category.CATEGORY_ATTRIBUTE, project.getObjects().named(Category.class, Category.LIBRARY));
                attributes.attribute(
                    TargetJvmEnvironment.TARGET_JVM_ENVIRONMENT_ATTRIBUTE,
                    project.getObjects().named(TargetJvmEnvironment.class, environment));
            });
            // The BOM gives the versions.
            project.getDependencies().add(
                "app", project.getDependencies().platform("b2core.auth:b2core-auth-bom:" + version));
            for (String module : modules) {
                project.getDependencies().add("app", Map.of("group", "b2core.auth", "name", module));
            }
            return configuration.getFiles();
        }

        private static String causes(Throwable problem) {
            StringBuilder text = new StringBuilder();
            for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
                text.append(cause.getMessage()).append('\n');
            }
            return text.toString();
        }
    }
}
