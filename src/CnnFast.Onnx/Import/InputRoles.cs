namespace CnnFast.Onnx.Import;

/// <summary>What operators call those of their inputs that are numbers for them rather than data.</summary>
internal static class InputRoles
{
    private static readonly Dictionary<string, string?[]> ByOperator = new()
    {
        ["Clip"] = [null, "min", "max"],
        ["ConstantOfShape"] = ["input"],
        ["Dropout"] = [null, "ratio", "training_mode"],
        ["Expand"] = [null, "shape"],
        ["Pad"] = [null, "pads", "constant_value", "axes"],
        ["Range"] = ["start", "limit", "delta"],
        ["Reshape"] = [null, "shape"],
        ["Resize"] = [null, "roi", "scales", "sizes"],
        ["Slice"] = [null, "starts", "ends", "axes", "steps"],
        ["Split"] = [null, "split"],
        ["Squeeze"] = [null, "axes"],
        ["Tile"] = [null, "repeats"],
        ["TopK"] = [null, "K"],
        ["Unsqueeze"] = [null, "axes"],
        ["Upsample"] = [null, "scales"],
    };

    /// <summary>The name of an input; null where it has none that says more than its place.</summary>
    public static string? Of(string op, int input)
    {
        if (op.StartsWith("Reduce", StringComparison.Ordinal))
            return input == 1 ? "axes" : null;
        return ByOperator.TryGetValue(op, out string?[]? roles) && input < roles.Length ? roles[input] : null;
    }
}
