using CnnFast.Onnx.Conformance.Running;

namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>An input of the node: left out, fed at run time, an initialiser, or the output of a Constant node.</summary>
internal sealed record SweepInput(string Name, OnnxTensor? Tensor, bool Constant, bool AsNode, bool Raw)
{
    public override string ToString()
    {
        if (Tensor is null)
            return "none";
        string values = Tensor.ElementType == ElementType.Int64 && Tensor.Count <= 10
            ? $" = ({string.Join(" ", Tensor.Values<long>().ToArray())})"
            : "";
        values = Tensor.ElementType == ElementType.Float32 && Tensor.Count <= 5
            ? $" = ({string.Join(" ", Tensor.Values<float>().ToArray())})"
            : values;
        return $"{(AsNode ? "Constant " : Constant ? "initialiser " : "")}{Comparison.Describe(Tensor)}{values}";
    }
}
