namespace CnnFast.Kernels;

/// <summary>Rows of logits <c>[rows, classes]</c>, the targets of each, and where the gradient goes.</summary>
internal unsafe struct CrossEntropyRows
{
    /// <summary>The logits.</summary>
    public float* Logits;

    /// <summary>The gradient by the logits, or null.</summary>
    public float* Gradient;

    /// <summary>One class a row; null where <see cref="Targets"/> are given.</summary>
    public int* Labels;

    /// <summary>One number a logit.</summary>
    public float* Targets;

    /// <summary>How much the rows count: each weight is that of <see cref="RowsPerWeight"/> rows. Null where all count 1.</summary>
    public float* RowWeights;

    /// <summary>How much the classes count; null where all count 1.</summary>
    public float* ClassWeights;

    /// <summary>Rows that share a weight.</summary>
    public nint RowsPerWeight;

    /// <summary>Logits of a row.</summary>
    public nint Classes;

    /// <summary>The label of rows that do not count; −1 where all do.</summary>
    public int IgnoredLabel;

    /// <summary>The part of a target that is spread evenly over the classes.</summary>
    public float Smoothing;

    /// <summary>
    /// γ of the focal loss: the loss of a row with a label counts (1 − p)^γ where p is the probability of the label. 0 for cross-entropy.
    /// </summary>
    public float Focus;

    /// <summary>The factor of the gradient.</summary>
    public float Scale;
}
