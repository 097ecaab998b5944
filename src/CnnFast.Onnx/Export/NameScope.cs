namespace CnnFast.Onnx.Export;

/// <summary>The names of the tensors of one graph, each given once.</summary>
/// <param name="reserved">Names that belong to the model's own values.</param>
internal sealed class NameScope(IEnumerable<string> reserved)
{
    private readonly HashSet<string> _taken = [.. reserved];

    /// <summary>A name that nobody has: the wanted one, or the wanted one with a number.</summary>
    public string Take(string wanted)
    {
        string name = wanted;
        for (int i = 2; !_taken.Add(name); i++)
            name = FormattableString.Invariant($"{wanted}_{i}");
        return name;
    }
}
