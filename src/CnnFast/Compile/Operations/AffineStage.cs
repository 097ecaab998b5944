using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// A per-channel scale and shift that is merged into a convolution, and where its parameters stand among those of the merged node.
/// </summary>
/// <param name="Affine">What gives the numbers.</param>
/// <param name="FirstParameter">Its first parameter.</param>
internal sealed record AffineStage(IChannelAffine Affine, int FirstParameter)
{
    /// <summary>Composes stages that follow one another: y = scale·x + shift.</summary>
    public static (double[] Scale, double[] Shift) Compose(IReadOnlyList<AffineStage> stages, ParameterValues parameters, int channels)
    {
        var scale = new double[channels];
        var shift = new double[channels];
        Array.Fill(scale, 1);
        var a = new double[channels];
        var b = new double[channels];
        foreach (AffineStage stage in stages)
        {
            stage.Affine.ScaleAndShift(parameters.From(stage.FirstParameter), a, b);
            for (int c = 0; c < channels; c++)
            {
                scale[c] *= a[c];
                shift[c] = (a[c] * shift[c]) + b[c];
            }
        }

        return (scale, shift);
    }
}
