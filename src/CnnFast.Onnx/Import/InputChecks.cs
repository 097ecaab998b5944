using System.Globalization;

namespace CnnFast.Onnx.Import;

/// <summary>Holds what a caller gives to what a model says of its inputs.</summary>
internal static class InputChecks
{
    /// <summary>The tensors in the order of the model.</summary>
    /// <exception cref="ArgumentException">One is missing, unknown, or of another type or shape.</exception>
    public static OnnxTensor[] InOrder(IReadOnlyList<OnnxTensorInfo> inputs, IReadOnlyDictionary<string, OnnxTensor> given)
    {
        RequireKnown("OnnxModel.Run", inputs, given.Keys);
        var ordered = new OnnxTensor[inputs.Count];
        for (int i = 0; i < ordered.Length; i++)
        {
            OnnxTensorInfo input = inputs[i];
            if (!given.TryGetValue(input.Name, out OnnxTensor? tensor))
                throw new ArgumentException(
                    $"OnnxModel.Run: the input {Excerpt.Of(input.Name)} is missing; the model has {Names(inputs)}.");
            if (tensor.ElementType != input.ElementType)
                throw new ArgumentException(
                    $"OnnxModel.Run: the input {Excerpt.Of(input.Name)} is of {tensor.ElementType}; expected {input.ElementType}.");
            RequireFit(input, [.. tensor.Dimensions]);
            if (input.Dimensions is [1, ..] && tensor.Dimensions[0] != 1)
                throw new ArgumentException($"OnnxModel.Run: the input {Excerpt.Of(input.Name)} has {tensor.Dimensions[0]} samples; " +
                    $"the model says {input}: run one at a time, or the model of ToModel in an InferenceSession.");
            ordered[i] = tensor;
        }

        return ordered;
    }

    /// <summary>The dimensions of all inputs.</summary>
    /// <exception cref="ArgumentException">They do not fit what the file says, or one is open.</exception>
    public static int[][] Dimensions(IReadOnlyList<OnnxTensorInfo> inputs, IReadOnlyDictionary<string, int[]>? given)
    {
        RequireKnown("OnnxModel.ToModel", inputs, given?.Keys ?? []);
        var dimensions = new int[inputs.Count][];
        for (int i = 0; i < dimensions.Length; i++)
        {
            OnnxTensorInfo input = inputs[i];
            if (given is not null && given.TryGetValue(input.Name, out int[]? wanted))
            {
                RequireFit(input, wanted);
                if (wanted.Contains(0))
                    throw new ArgumentException($"OnnxModel.ToModel: the input {Excerpt.Of(input.Name)} is to have the dimensions " +
                        $"[{string.Join(", ", wanted)}]; expected none below 1.");
                dimensions[i] = [.. wanted];
                continue;
            }

            if (input.Dimensions is null)
                throw new ArgumentException("OnnxModel.ToModel: the file says nothing of the shape of the input " +
                    $"{Excerpt.Of(input.Name)}; expected its dimensions, as in {Example(input, "1, 3, 224, 224")}.");
            dimensions[i] = [.. input.Dimensions];
            if (dimensions[i] is [-1, ..])
                dimensions[i][0] = 1;
            if (dimensions[i].Contains(-1))
                throw new ArgumentException($"OnnxModel.ToModel: the file leaves dimensions of an input open ({input}); expected all " +
                    $"of them, as in {Example(input, string.Join(", ", dimensions[i].Select(size => size < 0 ? 224 : size)))}.");
        }

        return dimensions;
    }

    /// <summary>Throws unless dimensions are what the file says of an input.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static void RequireFit(OnnxTensorInfo input, int[] dimensions)
    {
        bool fits = input.Dimensions is null || input.Dimensions.Count == dimensions.Length;
        for (int i = 0; fits && i < dimensions.Length; i++)
            fits = dimensions[i] >= 0 && (input.Dimensions is null || input.Dimensions[i] == -1 || input.Dimensions[i] == dimensions[i]
                || (i == 0 && input.Dimensions[0] == 1));
        if (!fits)
            throw new ArgumentException(
                $"The input {Excerpt.Of(input.Name)} has the dimensions [{string.Join(", ", dimensions)}]; the model says {input}.");
    }

    /// <summary>Throws unless dimensions that a session asks for are what the file says of an input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="dimensions">The dimensions in ONNX's order.</param>
    /// <param name="sample">The shape that the session gave.</param>
    /// <param name="order">Which dimension of the input lies where in that shape.</param>
    /// <exception cref="ShapeException">They are not.</exception>
    public static void RequireSampleFit(OnnxTensorInfo input, int[] dimensions, Shape sample, ReadOnlySpan<int> order)
    {
        try
        {
            RequireFit(input, dimensions);
        }
        catch (ArgumentException e)
        {
            var expected = new string[order.Length];
            for (int i = 0; i < expected.Length; i++)
                expected[i] = input.Dimensions is null || order[i] >= input.Dimensions.Count || input.Dimensions[order[i]] < 0
                    ? "?"
                    : input.Dimensions[order[i]].ToString(CultureInfo.InvariantCulture);
            string isTurned = input.Dimensions is { Count: 4 } && order[^1] == 1 ? "channels last" : "as in the file";
            throw new ShapeException($"The shape {sample} was given; in this session the input {Excerpt.Of(input.Name)} is " +
                $"[{string.Join(", ", expected)}], its dimensions {isTurned} (the file says {input}).", e);
        }
    }

    // How a caller says dimensions, in C#.
    private static string Example(OnnxTensorInfo input, string dimensions) =>
        $"ToModel(new Dictionary<string, int[]> {{ [\"{Excerpt.Of(input.Name)[1..^1]}\"] = [{dimensions}] }})";

    private static void RequireKnown(string who, IReadOnlyList<OnnxTensorInfo> inputs, IEnumerable<string> given)
    {
        foreach (string name in given)
        {
            if (inputs.Any(input => input.Name == name))
                continue;
            OnnxTensorInfo? meant = inputs.FirstOrDefault(input => input.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            throw new ArgumentException($"{who}: there is no input {Excerpt.Of(name)}; " +
                $"the model has {Names(inputs)}{(meant is null ? "" : " (upper and lower case count)")}.");
        }
    }

    private static string Names(IReadOnlyList<OnnxTensorInfo> inputs) =>
        inputs.Count == 0 ? "no inputs" : string.Join(", ", inputs.Select(input => Excerpt.Of(input.Name)));
}
