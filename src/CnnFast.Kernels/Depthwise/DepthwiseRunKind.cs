namespace CnnFast.Kernels;

/// <summary>The taps of a <see cref="DepthwiseRun"/>.</summary>
internal enum DepthwiseRunKind
{
    /// <summary>One tap; no pixel is shared.</summary>
    One,

    /// <summary>Two taps, a column of outputs apart: each pixel serves two outputs.</summary>
    Two,

    /// <summary>Three taps, a column of outputs apart: each pixel serves three outputs.</summary>
    Three,

    /// <summary>Three taps, half a column of outputs apart (stride 2): the outer taps of neighbours share a pixel.</summary>
    ThreeByTwo,

    /// <summary>Five taps, half a column of outputs apart (stride 2): taps two apart share a pixel.</summary>
    FiveByTwo,
}
