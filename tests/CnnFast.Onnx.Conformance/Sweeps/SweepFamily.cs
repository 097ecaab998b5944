using CnnFast.Onnx.Conformance.Running;

namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Cases of one operator, or of one kind of them.</summary>
/// <param name="Name">The operator's name unless the generator sets another.</param>
/// <param name="FirstOpset">The first opset that has the operator, or 7.</param>
/// <param name="Bound">How near the outputs have to be.</param>
/// <param name="Draw">Draws a model for an opset from a seed.</param>
internal sealed record SweepFamily(string Name, int FirstOpset, Bound Bound, Func<int, int, ISweepModel> Draw)
{
    /// <summary>Cases of one node.</summary>
    public SweepFamily(string name, int firstOpset, Bound bound, Action<SweepCase> generate)
        : this(name, firstOpset, bound, (opset, seed) => Generate(new SweepCase(name, opset, seed), generate))
    {
    }

    /// <summary>The last opset that has the operator.</summary>
    public int LastOpset { get; init; } = 23;

    /// <summary>How many cases an opset gets.</summary>
    public int Cases { get; init; } = 4;

    private static SweepCase Generate(SweepCase drawn, Action<SweepCase> generate)
    {
        generate(drawn);
        return drawn;
    }
}
