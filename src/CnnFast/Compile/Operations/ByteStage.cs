using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>What the bytes of an image stand for, as a scale and shift of a convolution's input channels.</summary>
internal sealed class ByteStage(ByteInput input) : IChannelAffine
{
    public void ScaleAndShift(ParameterValues parameters, Span<double> scale, Span<double> shift)
    {
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] = input.ScaleOf(c);
            shift[c] = input.OffsetOf(c);
        }
    }
}
