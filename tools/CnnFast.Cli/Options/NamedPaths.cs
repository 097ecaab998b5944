namespace CnnFast.Cli;

/// <summary>Paths for the inputs or outputs of a model: <c>name=path</c>, or a path alone where there is only one.</summary>
internal static class NamedPaths
{
    /// <summary>The paths in the order of the model.</summary>
    /// <param name="option">The option that gave them, such as <c>--input</c>.</param>
    /// <param name="values">What was given.</param>
    /// <param name="tensors">The inputs or outputs.</param>
    /// <exception cref="InputException">A name is missing, unknown or given twice.</exception>
    public static string[] InOrder(string option, IReadOnlyList<string> values, IReadOnlyList<TensorInfo> tensors)
    {
        var paths = new string?[tensors.Count];
        foreach (string value in values)
        {
            (int index, string path) = Split(option, value, tensors);
            if (paths[index] is not null)
                throw new InputException($"{option} gives '{tensors[index].Name}' twice, as '{paths[index]}' and as '{path}'; expected one path.");
            paths[index] = path;
        }

        int missing = Array.IndexOf(paths, null);
        return missing < 0
            ? [.. paths.Select(path => path!)]
            : throw new InputException($"{option} gives no path for '{tensors[missing].Name}'; expected one each for {Names(tensors)}.");
    }

    // What stands before the first '=' is the name; a path that holds '=' may also stand alone where such a file or folder is meant.
    private static (int Index, string Path) Split(string option, string value, IReadOnlyList<TensorInfo> tensors)
    {
        int at = value.IndexOf('=', StringComparison.Ordinal);
        for (int i = 0; at >= 0 && i < tensors.Count; i++)
        {
            if (value.AsSpan(0, at).SequenceEqual(tensors[i].Name))
                return (i, value[(at + 1)..]);
        }

        bool isPath = at < 0 || value.AsSpan(0, at).ContainsAny('/', '\\', '.') || File.Exists(value);
        if (!isPath)
            throw new InputException($"{option} names '{value[..at]}', which the model does not have; expected {Names(tensors)}{(tensors.Count == 1 ? ", or a path alone" : "")}.");
        return tensors.Count == 1
            ? (0, value)
            : throw new InputException($"{option} is '{value}', without a name; the model has several: expected name=path for {Names(tensors)}.");
    }

    private static string Names(IReadOnlyList<TensorInfo> tensors) => string.Join(", ", tensors.Select(tensor => $"'{tensor.Name}'"));
}
