namespace CnnFast;

/// <summary>What one node of a compiled model took, in the order of execution.</summary>
/// <param name="Name">The layer, the first of those that were merged.</param>
/// <param name="Kind">What it computes, such as <c>Conv2D+BatchNormalization+ReLU</c>.</param>
/// <param name="Kernel">The kernel that was chosen, where there is one to name.</param>
/// <param name="OutputShape">The shape of one sample of its output.</param>
/// <param name="MultiplyAdds">Multiply-adds of the run, as the definition counts them (Winograd does fewer).</param>
/// <param name="Bytes">Bytes of inputs, output and weights.</param>
/// <param name="WorkspaceBytes">Bytes of scratch memory.</param>
/// <param name="BestMicroseconds">The shortest time.</param>
/// <param name="MedianMicroseconds">The median time.</param>
public sealed record NodeProfile(string Name, string Kind, string? Kernel, Shape OutputShape, long MultiplyAdds, long Bytes,
    long WorkspaceBytes, double BestMicroseconds, double MedianMicroseconds);
