namespace CnnFast.Onnx.Conformance.Families;

/// <summary>An inverted bottleneck of a MobileNet.</summary>
/// <param name="Kernel">The size of its depthwise filter.</param>
/// <param name="Wide">The channels between its two 1×1 convolutions.</param>
/// <param name="To">The channels of its output.</param>
/// <param name="Stride">The stride.</param>
/// <param name="Squeezes">Whether its channels are weighted by what they are on average.</param>
/// <param name="Swishes">Whether it has h-swish for ReLU.</param>
internal sealed record MobileBlock(int Kernel, int Wide, int To, int Stride, bool Squeezes = false, bool Swishes = false);
