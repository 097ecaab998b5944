namespace CnnFast.Onnx.Conformance.Running;

/// <summary>
/// How far an output y may lie from the expected one: |Δ| ≤ <paramref name="Relative"/> · |y| + <paramref name="Scaled"/> · max|y| +
/// <paramref name="Absolute"/>. Other types than float32 are compared for equality, as are NaN and the infinities.
/// </summary>
internal readonly record struct Bound(double Relative, double Scaled, double Absolute, string Reason)
{
    public override string ToString() => $"{Relative:g} · |y| + {Scaled:g} · max|y| + {Absolute:g} ({Reason})";
}
