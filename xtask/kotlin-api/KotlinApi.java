import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import kotlin.Metadata;
import kotlin.metadata.Attributes;
import kotlin.metadata.ClassKind;
import kotlin.metadata.KmClass;
import kotlin.metadata.KmClassifier;
import kotlin.metadata.KmConstructor;
import kotlin.metadata.KmDeclarationContainer;
import kotlin.metadata.KmFunction;
import kotlin.metadata.KmProperty;
import kotlin.metadata.KmType;
import kotlin.metadata.KmTypeAlias;
import kotlin.metadata.KmTypeParameter;
import kotlin.metadata.KmTypeProjection;
import kotlin.metadata.KmValueParameter;
import kotlin.metadata.KmVariance;
import kotlin.metadata.MemberKind;
import kotlin.metadata.Modality;
import kotlin.metadata.Visibility;
import kotlin.metadata.jvm.JvmExtensionsKt;
import kotlin.metadata.jvm.KotlinClassMetadata;
import org.jetbrains.kotlin.abi.tools.AbiFilters;
import org.jetbrains.kotlin.abi.tools.AbiToolsFactory;

/**
 * Lists the public API of compiled Kotlin classes, for `cargo xtask api`. Arguments: the folders of the classes, as in a class
 * path, and the folder to write to.
 *
 * `jvm.txt` is what a compiled app links against. `kotlin.txt` is what its source is compiled against, which the JVM does
 * not know: aliases, nullability, results of suspending functions, names and defaults of parameters.
 */
class KotlinApi {
    private final Set<String> lines = new TreeSet<>();

    public static void main(String[] args) throws Exception {
        var folders = new ArrayList<Path>();
        for (String folder : args[0].split(File.pathSeparator)) {
            folders.add(Path.of(folder));
        }
        Path out = Files.createDirectories(Path.of(args[1]));
        var files = new ArrayList<File>();
        for (Path folder : folders) {
            files.addAll(classes(folder));
        }
        var jvm = new StringBuilder();
        var everything = new AbiFilters(Set.of(), Set.of(), Set.of(), Set.of());
        ServiceLoader.load(AbiToolsFactory.class).findFirst().orElseThrow().get().printJvmDump(jvm, files, everything);
        Files.writeString(out.resolve("jvm.txt"), jvm);

        var source = new KotlinApi();
        source.read(folders);
        Files.writeString(out.resolve("kotlin.txt"), String.join("\n", source.lines) + "\n");
    }

    private static List<File> classes(Path folder) throws Exception {
        try (var walk = Files.walk(folder)) {
            return walk.filter(path -> path.toString().endsWith(".class")).sorted().map(Path::toFile).toList();
        }
    }

    /** Lists what the compiler wrote into each class about its source. */
    private void read(List<Path> folders) throws Exception {
        var classes = new TreeMap<String, KmClass>();
        var urls = new ArrayList<URL>();
        var names = new ArrayList<String>();
        for (Path folder : folders) {
            urls.add(folder.toUri().toURL());
            for (File file : classes(folder)) {
                String path = folder.relativize(file.toPath()).toString();
                names.add(path.substring(0, path.length() - ".class".length()).replace(File.separatorChar, '.'));
            }
        }
        try (var loader = new URLClassLoader(urls.toArray(new URL[0]), getClass().getClassLoader())) {
            for (String name : names) {
                var metadata = Class.forName(name, false, loader).getAnnotation(Metadata.class);
                if (metadata == null) {
                    continue;
                }
                String inPackage = name.substring(0, Math.max(0, name.lastIndexOf('.')));
                var read = KotlinClassMetadata.readStrict(metadata);
                if (read instanceof KotlinClassMetadata.Class it) {
                    classes.put(it.getKmClass().getName(), it.getKmClass());
                } else if (read instanceof KotlinClassMetadata.FileFacade it) {
                    members(inPackage, it.getKmPackage(), Map.of());
                } else if (read instanceof KotlinClassMetadata.MultiFileClassPart it) {
                    members(inPackage, it.getKmPackage(), Map.of());
                }
            }
        }
        for (KmClass each : classes.values()) {
            if (isVisible(each, classes)) {
                type(each);
            }
        }
    }

    /** Whether it and everything around it is public or for subclasses. Local classes are in no map under their own name. */
    private static boolean isVisible(KmClass type, Map<String, KmClass> all) {
        String name = type.getName();
        if (name.startsWith(".") || !isVisible(Attributes.getVisibility(type))) {
            return false;
        }
        int dot = name.lastIndexOf('.');
        KmClass outer = dot > name.lastIndexOf('/') ? all.get(name.substring(0, dot)) : null;
        return outer == null || isVisible(outer, all);
    }

    private static boolean isVisible(Visibility visibility) {
        return visibility == Visibility.PUBLIC || visibility == Visibility.PROTECTED;
    }

    private void type(KmClass type) {
        var names = names(type.getTypeParameters(), Map.of());
        String name = dotted(type.getName());
        ClassKind kind = Attributes.getKind(type);
        var words = new ArrayList<String>();
        words.add(scope(Attributes.getVisibility(type)));
        boolean isPlain = kind == ClassKind.INTERFACE && Attributes.getModality(type) == Modality.ABSTRACT;
        words.add(isPlain ? "" : modality(Attributes.getModality(type)));
        words.add(Attributes.isData(type) ? "data" : "");
        words.add(Attributes.isValue(type) ? "value" : "");
        words.add(Attributes.isInner(type) ? "inner" : "");
        words.add(Attributes.isFunInterface(type) ? "fun" : "");
        words.add(word(kind) + parameters(type.getTypeParameters(), names));
        var above = type.getSupertypes().stream().map(each -> shown(each, names)).filter(each -> !each.equals("Any")).toList();
        line(name + " = ", words, above.isEmpty() ? "" : " : " + String.join(", ", above));

        for (KmConstructor each : type.getConstructors()) {
            if (isVisible(Attributes.getVisibility(each))) {
                var start = List.of(scope(Attributes.getVisibility(each)), "constructor");
                line(name + ": ", start, values(each.getValueParameters(), names));
            }
        }
        type.getKmEnumEntries().forEach(each -> line(name + ": ", List.of("entry"), " " + each.getName()));
        members(name, type, names);
    }

    private void members(String owner, KmDeclarationContainer from, Map<Integer, String> outer) {
        for (KmFunction each : from.getFunctions()) {
            if (isVisible(Attributes.getVisibility(each)) && Attributes.getKind(each) != MemberKind.FAKE_OVERRIDE) {
                function(owner, each, names(each.getTypeParameters(), outer));
            }
        }
        for (KmProperty each : from.getProperties()) {
            if (isVisible(Attributes.getVisibility(each)) && Attributes.getKind(each) != MemberKind.FAKE_OVERRIDE) {
                property(owner, each, names(each.getTypeParameters(), outer));
            }
        }
        for (KmTypeAlias each : from.getTypeAliases()) {
            if (isVisible(Attributes.getVisibility(each))) {
                var names = names(each.getTypeParameters(), outer);
                String left = each.getName() + parameters(each.getTypeParameters(), names);
                line(owner + ": ", List.of("typealias"), " " + left + " = " + shown(each.getUnderlyingType(), names));
            }
        }
    }

    private void function(String owner, KmFunction it, Map<Integer, String> names) {
        var words = new ArrayList<String>();
        words.add(scope(Attributes.getVisibility(it)));
        words.add(modality(Attributes.getModality(it)));
        words.add(Attributes.isSuspend(it) ? "suspend" : "");
        words.add(Attributes.isInline(it) ? "inline" : "");
        words.add(Attributes.isInfix(it) ? "infix" : "");
        words.add(Attributes.isOperator(it) ? "operator" : "");
        words.add("fun");
        words.add(parameters(it.getTypeParameters(), names));
        String receiver = receiver(it.getReceiverParameterType(), names);
        String result = shown(it.getReturnType(), names);
        line(owner + ": ", words, " " + receiver + it.getName() + values(it.getValueParameters(), names) + ": " + result);
    }

    private void property(String owner, KmProperty it, Map<Integer, String> names) {
        var setter = it.getSetter();
        boolean canSet = setter != null && isVisible(Attributes.getVisibility(setter));
        var words = new ArrayList<String>();
        words.add(scope(Attributes.getVisibility(it)));
        words.add(modality(Attributes.getModality(it)));
        words.add(Attributes.isConst(it) ? "const" : "");
        words.add(canSet ? "var" : "val");
        words.add(parameters(it.getTypeParameters(), names));
        String receiver = receiver(it.getReceiverParameterType(), names);
        boolean onlyBelow = canSet && Attributes.getVisibility(setter) != Attributes.getVisibility(it);
        String rest = ": " + shown(it.getReturnType(), names) + (onlyBelow ? ", protected set" : "");
        line(owner + ": ", words, " " + receiver + it.getName() + rest);
    }

    private void line(String start, List<String> words, String rest) {
        String joined = words.stream().filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
        lines.add(start + joined + rest);
    }

    private static String values(List<KmValueParameter> all, Map<Integer, String> names) {
        return all.stream().map(each -> {
            KmType many = each.getVarargElementType();
            String start = many == null ? "" : "vararg ";
            String end = Attributes.getDeclaresDefaultValue(each) ? " = ..." : "";
            return start + each.getName() + ": " + shown(many == null ? each.getType() : many, names) + end;
        }).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String receiver(KmType type, Map<Integer, String> names) {
        return type == null ? "" : shown(type, names) + ".";
    }

    /** `<in T : Bound>`, or nothing. */
    private static String parameters(List<KmTypeParameter> all, Map<Integer, String> names) {
        return all.isEmpty() ? "" : all.stream().map(each -> {
            String start = (Attributes.isReified(each) ? "reified " : "") + variance(each.getVariance());
            String bounds = each.getUpperBounds().stream().map(bound -> shown(bound, names)).collect(Collectors.joining(" & "));
            return start + each.getName() + (bounds.isEmpty() || bounds.equals("Any?") ? "" : " : " + bounds);
        }).collect(Collectors.joining(", ", "<", ">"));
    }

    private static Map<Integer, String> names(List<KmTypeParameter> more, Map<Integer, String> outer) {
        var names = new HashMap<>(outer);
        more.forEach(each -> names.put(each.getId(), each.getName()));
        return names;
    }

    private static String shown(KmType type, Map<Integer, String> names) {
        var text = new StringBuilder();
        for (var each : JvmExtensionsKt.getAnnotations(type)) {
            text.append('@').append(dotted(each.getClassName())).append(' ');
        }
        text.append(Attributes.isSuspend(type) ? "suspend " : "");
        KmClassifier classifier = type.getClassifier();
        if (classifier instanceof KmClassifier.Class it) {
            text.append(dotted(it.getName()));
        } else if (classifier instanceof KmClassifier.TypeAlias it) {
            text.append(dotted(it.getName()));
        } else if (classifier instanceof KmClassifier.TypeParameter it) {
            text.append(names.getOrDefault(it.getId(), "?"));
        }
        if (!type.getArguments().isEmpty()) {
            text.append(type.getArguments().stream().map(each -> shown(each, names)).collect(Collectors.joining(", ", "<", ">")));
        }
        text.append(Attributes.isDefinitelyNonNull(type) ? " & Any" : "");
        return text.append(Attributes.isNullable(type) ? "?" : "").toString();
    }

    private static String shown(KmTypeProjection argument, Map<Integer, String> names) {
        if (argument.getType() == null) {
            return "*";
        }
        return variance(argument.getVariance()) + shown(argument.getType(), names);
    }

    /** What is in every Kotlin file without an import goes by its own name. */
    private static String dotted(String name) {
        return name.replace('/', '.').replaceFirst("^kotlin\\.(collections\\.)?(?=[A-Z])", "");
    }

    private static String scope(Visibility visibility) {
        return visibility == Visibility.PUBLIC ? "" : word(visibility);
    }

    private static String modality(Modality modality) {
        return modality == Modality.FINAL ? "" : word(modality);
    }

    private static String variance(KmVariance variance) {
        return variance == KmVariance.INVARIANT ? "" : word(variance) + " ";
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
