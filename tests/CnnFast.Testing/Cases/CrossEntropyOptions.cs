namespace CnnFast.Testing;

/// <summary>Options of a softmax cross-entropy to test.</summary>
internal sealed record CrossEntropyOptions(bool IsWeighted = false, float Smoothing = 0, bool Ignores = false, float Focus = 0);
