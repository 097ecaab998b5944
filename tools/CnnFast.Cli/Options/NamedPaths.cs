namespace CnnFast.Cli;

/// <summary>Paths for the inputs or outputs of a model: <c>name=path</c>, or a path alone where there is only one.</summary>
internal static class NamedPaths
{
    /// <summary>The paths in the order of the model.</summary>
    /// <param name="option">The option that gave them, such as <c>--input</c>.</param>
    /// <param name="values">What was given.</param>
    /// <param name="names">What the inputs or outputs are called.</param>
    /// <exception cref="InputException">A name is missing, unknown or given twice.</exception>
    public static string[] InOrder(string option, IReadOnlyList<string> values, IReadOnlyList<string> names)
    {
        var paths = new string?[names.Count];
        foreach (string value in values)
        {
            (int index, string path) = Split(option, value, names);
            if (paths[index] is not null)
                throw new InputException($"{option} gives '{names[index]}' twice, as '{paths[index]}' and as '{path}'; expected one path.");
            paths[index] = path;
        }

        int missing = Array.IndexOf(paths, null);
        return missing < 0
            ? [.. paths.Select(path => path!)]
            : throw new InputException($"{option} gives no path for '{names[missing]}'; expected one each for {Listed(names)}.");
    }

    /// <summary>The paths of files to write, in the order of the model.</summary>
    /// <exception cref="InputException">A name is missing, unknown or given twice, or a file cannot be written
    /// or is given twice.</exception>
    public static string[] Writable(string option, IReadOnlyList<string> values, IReadOnlyList<string> names)
    {
        string[] paths = [.. InOrder(option, values, names).Select(path =>
            path == StandardFiles.Dash ? path : OutputPath.RequireWritable(option, path))];
        return paths.GroupBy(path => path, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } same
            ? throw new InputException($"{option} gives '{same.Key}' for more than one output; expected a file each.")
            : paths;
    }

    // What stands before the first '=' is the name; a path that holds '=' may also stand alone where such a file or folder is meant.
    private static (int Index, string Path) Split(string option, string value, IReadOnlyList<string> names)
    {
        int at = value.IndexOf('=', StringComparison.Ordinal);
        for (int i = 0; at >= 0 && i < names.Count; i++)
        {
            if (value.AsSpan(0, at).SequenceEqual(names[i]))
                return (i, value[(at + 1)..]);
        }

        bool isPath = at < 0 || value.AsSpan(0, at).ContainsAny('/', '\\', '.') || File.Exists(value);
        if (!isPath)
            throw new InputException($"{option} names '{value[..at]}', which the model does not have; " +
                $"expected {Listed(names)}{(names.Count == 1 ? ", or a path alone" : "")}.");
        return names.Count == 1
            ? (0, value)
            : throw new InputException(
                $"{option} is '{value}', without a name; the model has several: expected name=path for {Listed(names)}.");
    }

    private static string Listed(IReadOnlyList<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
