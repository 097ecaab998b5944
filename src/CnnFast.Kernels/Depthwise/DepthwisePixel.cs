namespace CnnFast.Kernels;

/// <summary>One output pixel over a range of whole vectors of channels, each tap with a source pixel of its own (or a pixel of zeros).</summary>
internal unsafe struct DepthwisePixel
{
    /// <summary>The source pixel of each tap, at the first channel.</summary>
    public float** Taps;

    /// <summary>The number of taps; none gives the bias.</summary>
    public nint TapCount;

    /// <summary>The filter at the first channel: one vector a tap, then the next vector of channels.</summary>
    public float* Weights;

    /// <summary>Floats of the filter between two vectors of channels.</summary>
    public nint PanelStep;

    /// <summary>The biases of the channels.</summary>
    public float* Bias;

    /// <summary>What is added to the bias, or null.</summary>
    public float* Residual;

    /// <summary>The output pixel at the first channel.</summary>
    public float* Destination;

    /// <summary>Channels to store; sources, filter and biases are readable to the end of the last vector.</summary>
    public nint Channels;
}
