namespace CnnFast.Graphs;

/// <summary>What the steps of a node are created for.</summary>
/// <param name="Name">The node, for error messages.</param>
/// <param name="Inputs">The shape of every input, the batch first.</param>
/// <param name="Output">The shape of the output, the batch first.</param>
/// <param name="ConvAlgorithm">How convolutions are computed.</param>
internal sealed record NodeShapes(string Name, IReadOnlyList<Shape> Inputs, Shape Output, ConvAlgorithm ConvAlgorithm)
{
    /// <summary>What the elements of every input are.</summary>
    public IReadOnlyList<ElementType> Types { get; init; } = [];

    /// <summary>How exact the packed weights of dense layers are.</summary>
    public WeightPrecision WeightPrecision { get; init; }

    /// <summary>Whether the steps find the parameters as they are at each run, as in training, and need not pack them before.</summary>
    public bool ReadsParameters { get; init; }

    /// <summary>The shape of the first, most often the only, input.</summary>
    public Shape Input => Inputs[0];

    /// <summary>
    /// Floats from a pixel of each input to the next; 0 where they follow one another, as always where
    /// <see cref="Operation.SupportsInputPitch"/> is false.
    /// </summary>
    public IReadOnlyList<int> InputPitches { get; init; } = new int[Inputs.Count];

    /// <summary>Of a concatenation: which inputs have been written where the output wants them.</summary>
    public IReadOnlyList<bool> WrittenInPlace { get; init; } = new bool[Inputs.Count];

    /// <summary>
    /// Floats from a pixel of the output to the next; 0 where they follow one another, as always where
    /// <see cref="Operation.SupportsOutputPitch"/> is false.
    /// </summary>
    public int OutputPitch { get; init; }
}
