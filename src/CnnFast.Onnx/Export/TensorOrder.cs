namespace CnnFast.Onnx.Export;

/// <summary>The order in which a tensor of the ONNX graph holds the elements of a sample.</summary>
internal enum TensorOrder
{
    /// <summary>That of this library: images <c>[N, H, W, C]</c>, everything else as it is.</summary>
    Natural,

    /// <summary>
    /// Images <c>[N, C, H, W]</c>, rows <c>[N, C·H·W]</c> that are such images flattened, and images with further dimensions of
    /// 1, which this order leaves out.
    /// </summary>
    ChannelsFirst,
}
