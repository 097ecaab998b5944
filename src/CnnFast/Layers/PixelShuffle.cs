using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Enlarges images by taking pixels from channels (Shi et al. 2016), <c>[N, H, W, C·factor²]</c> to
/// <c>[N, H·factor, W·factor, C]</c>: <c>y[h·factor + i, w·factor + j, c] = x[h, w, c·factor² + i·factor + j]</c>. That is the order of
/// channels of PyTorch's PixelShuffle and of ONNX's DepthToSpace in mode CRD; TensorFlow's depth_to_space, where c counts fastest, is
/// another one.
/// </summary>
public sealed class PixelShuffle : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="factor">Output rows and columns for one of the input, at least 1; its square must divide the channels.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public PixelShuffle(int factor, string? name = null)
        : base(new PixelShuffleOperation(factor), name)
    {
    }
}
