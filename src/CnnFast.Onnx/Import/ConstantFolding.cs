using System.Runtime.InteropServices;
using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>Runs an operation on constants, by the step that would run in a session.</summary>
internal static class ConstantFolding
{
    /// <summary>The result.</summary>
    /// <param name="operation">An operation without parameters.</param>
    /// <param name="name">The node, for error messages.</param>
    /// <param name="inputs">Constants.</param>
    /// <param name="type">The type of the result.</param>
    /// <param name="shape">The shape of the result.</param>
    public static OnnxTensor Evaluate(Operation operation, string name, IReadOnlyList<GraphTensor> inputs, ElementType type, Shape shape)
    {
        if (operation is TransposeOperation transpose)
        {
            OnnxTensor moved = OnnxTensor.Allocate(type, shape.Dimensions);
            StridedCopyStep.Permute(type, inputs[0].Shape, transpose.Order, inputs[0].Constant!.Bytes.Span, moved.Bytes.Span);
            return moved;
        }

        ForwardStep step = operation.CreateForward(new NodeShapes(name, [.. inputs.Select(input => input.Shape)], shape, ConvAlgorithm.Auto)
        {
            Types = [.. inputs.Select(input => input.Type)],
        });
        var operands = new Operand[inputs.Count];
        int length = 0;
        for (int i = 0; i < operands.Length; i++)
            operands[i] = Place(inputs[i].Type, inputs[i].Shape, ref length);
        Operand output = Place(type, shape, ref length);
        var arena = new AlignedBuffer<float>(length);
        for (int i = 0; i < operands.Length; i++)
            inputs[i].Constant!.Bytes.Span.CopyTo(MemoryMarshal.AsBytes(arena.Span[operands[i].Offset..]));
        var constants = new AlignedBuffer<float>(step.ConstantLength);
        step.PrepareConstants(new ParameterValues([]), constants.Span);
        var workspace = new AlignedBuffer<byte>(step.WorkspaceBytes(1));
        var values = new ValueMemory(1, default(ReadOnlySpan<float>), default);
        var context = new ForwardContext(SerialScheduler.Instance, values, arena.Span, constants.Span, workspace.Span);
        context.Enter(new ForwardOperands(operands, output, 0) { Samples = shape[0], ConstantLength = step.ConstantLength });
        step.Run(context);
        OnnxTensor result = OnnxTensor.Allocate(type, shape.Dimensions);
        MemoryMarshal.AsBytes(arena.Span[output.Offset..])[..result.Bytes.Length].CopyTo(result.Bytes.Span);
        return result;
    }

    private static Operand Place(ElementType type, Shape shape, ref int length)
    {
        var operand = new Operand(OperandPlace.Arena, length, shape.ElementCount) { IsWhole = true, Type = type };
        length = checked((int)(length + ArenaAlignment.RoundUp(operand.Length(1))));
        return operand;
    }
}
