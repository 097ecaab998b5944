namespace CnnFast.Onnx.Format;

/// <summary>How a Resize fills places between elements.</summary>
/// <param name="Mode">nearest, linear or cubic.</param>
/// <param name="Coordinates">The attribute coordinate_transformation_mode.</param>
/// <param name="Rounding">The attribute nearest_mode; <c>simple</c> is what it was before it was an attribute.</param>
/// <param name="CubicA">The attribute cubic_coeff_a.</param>
/// <param name="ExcludesOutside">Whether weights outside the input count for nothing.</param>
internal sealed record ResizeMode(string Mode, string Coordinates, string Rounding, double CubicA = -0.75, bool ExcludesOutside = false);
