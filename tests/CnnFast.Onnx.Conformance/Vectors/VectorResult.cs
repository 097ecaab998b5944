namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>What a vector came to, with what was refused or wrong.</summary>
internal sealed record VectorResult(VectorOutcome Outcome, string Text)
{
    public override string ToString() => Outcome switch
    {
        VectorOutcome.Pass => "pass",
        VectorOutcome.NotSupported => $"refused: {Text}",
        _ => $"fails: {Text}",
    };
}
