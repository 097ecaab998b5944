namespace CnnFast.Kernels;

/// <summary>A constant of a function of single elements.</summary>
/// <param name="Name">What model files call it, such as <c>negative_slope</c>.</param>
/// <param name="Minimum">The least value that layers take, which is finite then; null where any number will do, infinite ones too.</param>
internal sealed record FunctionConstant(string Name, float? Minimum = null);
