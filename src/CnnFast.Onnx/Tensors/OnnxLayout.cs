namespace CnnFast.Onnx;

/// <summary>The order of the dimensions of images at the inputs and outputs of an ONNX model.</summary>
public enum OnnxLayout
{
    /// <summary><c>[N, C, H, W]</c>, as ONNX models have it; an imported model keeps the order of its file, whatever that is.</summary>
    Nchw,

    /// <summary><c>[N, H, W, C]</c>, as this library has it.</summary>
    Nhwc,
}
