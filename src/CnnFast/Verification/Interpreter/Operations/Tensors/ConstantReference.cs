using System.Runtime.InteropServices;
using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>A tensor that is known.</summary>
internal sealed class ConstantReference : ReferenceOf<ConstantOperation>
{
    protected override double[] Forward(ConstantOperation operation, ReferenceNode node)
    {
        double[] y = node.NewOutput();
        ReadOnlySpan<float> values = operation.Values.Span;
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = node.Magnitude(operation.Type switch
            {
                ElementType.Float32 => values[i],
                ElementType.Int32 => MemoryMarshal.Cast<float, int>(values)[i],
                ElementType.Int64 => MemoryMarshal.Cast<float, long>(values)[i],
                _ => MemoryMarshal.AsBytes(values)[i],
            });
        }

        return y;
    }

    protected override void Backward(ConstantOperation operation, ReferenceNode node, double[] dy)
    {
    }

    protected override long Terms(ConstantOperation operation, Node node) => 0;
}
