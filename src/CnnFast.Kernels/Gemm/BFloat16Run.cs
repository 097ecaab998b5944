namespace CnnFast.Kernels;

/// <summary>Rows of a dense layer times one panel of bfloat16 weights.</summary>
internal unsafe struct BFloat16Run
{
    /// <summary>The inputs, row after row of <see cref="Terms"/> floats.</summary>
    public float* X;

    /// <summary>The panel: for every term its columns, two in a word (<see cref="BFloat16Kernels"/>).</summary>
    public float* Panel;

    /// <summary>The first column of the bias; null for none.</summary>
    public float* Bias;

    /// <summary>The first column of what is added, laid out as the outputs; null for none.</summary>
    public float* Residual;

    /// <summary>The first column of the outputs.</summary>
    public float* Y;

    /// <summary>Rows.</summary>
    public nint Rows;

    /// <summary>Inputs of a row.</summary>
    public nint Terms;

    /// <summary>Columns of the panel that there are.</summary>
    public nint Columns;

    /// <summary>Floats from a row of the outputs to the next.</summary>
    public nint Pitch;
}
