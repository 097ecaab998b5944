namespace CnnFast.Kernels;

/// <summary>The numbers of one step of gradient descent with momentum and L2.</summary>
internal readonly record struct SgdStep(float LearningRate, float Momentum, float L2);
