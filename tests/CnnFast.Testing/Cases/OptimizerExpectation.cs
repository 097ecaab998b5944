namespace CnnFast.Testing;

/// <summary>What a step of an optimizer starts from and must come to.</summary>
/// <param name="States">What is remembered of every weight before the step, one array a tensor.</param>
/// <param name="Tensors">The weights after it, then what is remembered.</param>
internal sealed record OptimizerExpectation(float[][] States, params ExpectedTensor[] Tensors);
