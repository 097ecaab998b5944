using CnnFast.Onnx.Conformance.Running;

namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>The bounds of the families, each with its reason.</summary>
internal static class Bounds
{
    public static Bound Exact { get; } = new(0, 0, 0, "values are moved, or one operation is rounded once");

    public static Bound Quotient { get; } = new(2.5e-7, 0, 0,
        "a constant divisor is a factor: its reciprocal is rounded, then the product");

    public static Bound Function { get; } = new(1e-5, 0, 2e-6,
        "ONNX Runtime approximates exp, tanh, erf and their like with polynomials of some units in the last place");

    public static Bound Sum { get; } = new(1e-6, 5e-6, 1e-6, "up to some hundred terms, summed in another order");

    public static Bound Norm { get; } = new(1e-5, 1e-5, 1e-5, "a difference of sums divided by a root of such a difference");

    public static Bound Interpolation { get; } = new(1e-5, 1e-5, 1e-5,
        "coordinates and weights are computed in float32 from rounded scales");

    public static Bound Graph { get; } = new(1e-5, 3e-5, 2e-6, "the roundings of a dozen operators one after the other");
}
