using System.Runtime.InteropServices;
using CnnFast.Graphs;

namespace CnnFast.Tests.Graph.Tensors;

/// <summary>Runs the steps of one operation forward and backward.</summary>
internal sealed class TensorRun
{
    private readonly TensorCase _case;
    private readonly int _maxBatch;
    private readonly NodeShapes _shapes;
    private readonly ElementType _outputType;

    public TensorRun(TensorCase tensorCase, int maxBatch)
    {
        _case = tensorCase;
        _maxBatch = maxBatch;
        Shape[] inputs = tensorCase.ShapesFor(maxBatch);
        ElementType[] types = [.. tensorCase.Inputs.Select(input => input.Type)];
        _shapes = new NodeShapes("test", inputs, tensorCase.OutputFor(maxBatch), ConvAlgorithm.Direct) { Types = types };
        _outputType = tensorCase.Operation.InferType("test", types);
    }

    /// <summary>The output of n samples, and the gradients of all float inputs for a gradient of the output.</summary>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="n">Samples.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="gradient">The gradient of the output, from the number of its elements.</param>
    /// <param name="wanted">The one input whose gradient is wanted; −1 for all.</param>
    public (float[] Output, float[][] Gradients) Run(IWorkScheduler scheduler, int n, IReadOnlyList<double[]> inputs,
        Func<int, double[]> gradient, int wanted = -1)
    {
        int length = 0;
        Operand[] values = [.. _case.Inputs.Select(input => Place(input.Type, input.Shape, input.IsWhole, ref length))];
        Operand output = Place(_outputType, _shapes.Output, _case.IsWhole, ref length);
        Operand outputGradient = Place(ElementType.Float32, _shapes.Output, _case.IsWhole, ref length);
        Operand[] gradients = [.. _case.Inputs.Select((input, i) => input.Type == ElementType.Float32 && (wanted < 0 || wanted == i)
            ? Place(ElementType.Float32, input.Shape, input.IsWhole, ref length)
            : Operand.None)];
        var arena = new AlignedBuffer<float>(length);
        arena.Span.Fill(float.NaN);
        for (int i = 0; i < values.Length; i++)
            Write(values[i].Type, inputs[i], arena.Span.Slice(values[i].Offset, values[i].Length(n)));
        int samples = _case.IsWhole ? _shapes.Output[0] : 0;
        ForwardStep forward = _case.Operation.CreateForward(_shapes);
        BackwardStep backward = _case.Operation.CreateBackward(_shapes, GradientNeeds.Inputs);
        var constants = new AlignedBuffer<float>(Math.Max(forward.ConstantLength, backward.ConstantLength));
        var workspace = new AlignedBuffer<byte>(
            Math.Max(forward.WorkspaceBytes(scheduler.MaxThreads), backward.WorkspaceBytes(scheduler.MaxThreads)));
        workspace.Span.Fill(0xFF);
        var memory = new ValueMemory(n, default(ReadOnlySpan<float>), default);
        forward.PrepareConstants(new ParameterValues([]), constants.Span);
        var context = new ForwardContext(scheduler, memory, arena.Span, constants.Span, workspace.Span);
        context.Enter(new ForwardOperands(values, output, 0) { Samples = samples, ConstantLength = forward.ConstantLength });
        forward.Run(context);
        float[] y = arena.Span.Slice(output.Offset, output.Length(n)).ToArray();
        double[] dy = gradient(y.Length);
        Write(ElementType.Float32, dy, arena.Span.Slice(outputGradient.Offset, outputGradient.Length(n)));
        workspace.Span.Fill(0xFF);
        backward.PrepareConstants(new ParameterValues([]), constants.Span);
        var back = new BackwardContext(scheduler, memory, arena.Span, constants.Span, workspace.Span, default, default);
        back.Enter(new BackwardOperands(values, output, gradients, outputGradient, 0)
        {
            Samples = samples,
            ConstantLength = backward.ConstantLength,
            ParameterGradients = [],
        });
        backward.Run(back);
        return (y, [.. gradients.Select(operand => operand.Place == OperandPlace.None
            ? []
            : arena.Span.Slice(operand.Offset, operand.Length(n)).ToArray())]);
    }

    private static void Write(ElementType type, double[] values, Span<float> memory)
    {
        for (int i = 0; i < values.Length; i++)
        {
            switch (type)
            {
                case ElementType.Float32:
                    memory[i] = (float)values[i];
                    break;
                case ElementType.Int64:
                    MemoryMarshal.Cast<float, long>(memory)[i] = (long)values[i];
                    break;
                case ElementType.Int32:
                    MemoryMarshal.Cast<float, int>(memory)[i] = (int)values[i];
                    break;
                default:
                    MemoryMarshal.AsBytes(memory)[i] = (byte)values[i];
                    break;
            }
        }
    }

    private static Operand Place(ElementType type, Shape shape, bool isWhole, ref int length)
    {
        var operand = new Operand(OperandPlace.Arena, length, isWhole ? shape.ElementCount : shape.ElementCount / shape[0])
        {
            IsWhole = isWhole,
            Type = type,
        };
        length += (int)ArenaAlignment.RoundUp(operand.Length(isWhole ? 1 : shape[0]));
        return operand;
    }
}
