namespace CnnFast.Onnx.Conformance.Families;

/// <summary>A model of a family and what it is run on.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Model">The model.</param>
/// <param name="Samples">The shapes of one sample in ONNX's order; other ones than the first where the model leaves them open.</param>
/// <param name="WithoutTranspose">The layout of the caller's memory in which no Transpose may remain.</param>
/// <param name="Shuffles">Channels that change places, which takes a Transpose each.</param>
/// <param name="IsChannelsLast">Whether the file itself has its images channels last, as they then stay in every layout.</param>
internal sealed record FamilyCase(string Name, byte[] Model, int[][] Samples, OnnxLayout? WithoutTranspose = null, int Shuffles = 0,
    bool IsChannelsLast = false)
{
    public override string ToString() => Name;
}
