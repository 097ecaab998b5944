namespace CnnFast.Kernels;

/// <summary>Elements of a loss that is a sum over them. Pointers that may be null say what it then means.</summary>
internal unsafe struct LossElements
{
    /// <summary>The outputs.</summary>
    public float* Outputs;

    /// <summary>Their targets.</summary>
    public float* Targets;

    /// <summary>How much each counts; null where all count 1. What counts 0 is left out, even a NaN.</summary>
    public float* Weights;

    /// <summary>How much the positive part of a target counts; null where it counts 1.</summary>
    public float* PositiveWeights;

    /// <summary>Receives the gradients; null where they are not wanted.</summary>
    public float* Gradient;

    /// <summary>The factor of the gradients.</summary>
    public float Scale;
}
