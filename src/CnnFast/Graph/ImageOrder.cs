namespace CnnFast.Graphs;

/// <summary>How the dimensions of an input or output of a model lie in the caller's memory, where a sample has three.</summary>
internal enum ImageOrder
{
    /// <summary>Images <c>[H, W, C]</c>.</summary>
    ChannelsLast,

    /// <summary>Images <c>[C, H, W]</c>, as ONNX has them.</summary>
    ChannelsFirst,

    /// <summary>No images, or images whose order is part of the model: never turned.</summary>
    Fixed,
}
