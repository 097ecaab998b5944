using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Tensors of any type side by side along their last dimension.</summary>
internal sealed record ConcatenateTensorsOperation : TensorOperation
{
    public override string Kind => "Concatenate";

    public override string FileKind => "Tensor.Concatenate";

    public override int MaxInputs => int.MaxValue;

    public override bool SupportsOutputPitch => true;

    public override bool SupportsInputPitch => true;

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs.All(type => type == inputs[0])
        ? inputs[0]
        : throw new NotSupportedException(
            $"{Who(name)}: the inputs are of {inputs[0]} and {inputs.First(type => type != inputs[0])}; expected one type.");

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) =>
        inputs[0].Rank > 1 && BroadcastShape.KeepsBatch(inputs, isWhole);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        long last = 0;
        int[] dimensions = inputs[0].Dimensions.ToArray();
        foreach (Shape input in inputs)
        {
            if (input.Rank != dimensions.Length || !input.Dimensions[..^1].SequenceEqual(dimensions.AsSpan()[..^1]))
                throw new ShapeException(
                    $"{Who(name)}: the inputs have shapes {inputs[0]} and {input}; expected shapes that differ in one dimension only.");
            last += input[input.Rank - 1];
        }

        dimensions[^1] = (int)Math.Min(last, int.MaxValue);
        return last <= int.MaxValue ? new Shape(dimensions) : throw new ShapeException(
            $"{Who(name)}: the inputs have {last} elements in their last dimension; expected at most {int.MaxValue}.");
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new ConcatenateBackwardStep(shapes);

    // A whole input has one row of samples, which every sample gets.
    private sealed class Forward(NodeShapes shapes) : ForwardStep
    {
        private readonly int _rows = shapes.Output.Rank > 1
            ? shapes.Output.ElementCount / shapes.Output[0] / shapes.Output.Dimensions[^1]
            : 1;
        private readonly int[] _bytes = [.. shapes.Inputs.Select(input => input.Dimensions[^1] * ElementTypes.SizeOf(shapes.Types[0]))];
        private readonly int _outputPitch = (shapes.OutputPitch == 0 ? shapes.Output.Dimensions[^1] : shapes.OutputPitch)
            * ElementTypes.SizeOf(shapes.Types[0]);
        private readonly bool[] _repeats = [.. shapes.Inputs.Select(input => input[0] != shapes.Output[0] && input.Rank > 1)];

        public override void Run(in ForwardContext context)
        {
            int samples = shapes.Output.Rank > 1 ? context.N : 1;
            int first = 0;
            for (int i = 0; i < _bytes.Length; i++)
            {
                for (int sample = 0; sample < samples && !shapes.WrittenInPlace[i]; sample += _repeats[i] ? 1 : samples)
                {
                    int rows = _repeats[i] ? _rows : samples * _rows;
                    if (shapes.Types[0] == ElementType.Float32)
                        CopyFloats(context, i, rows, ((sample * _rows * _outputPitch) + first) / sizeof(float));
                    else
                        CopyRows(context, i, rows, (sample * _rows * _outputPitch) + first);
                }

                first += _bytes[i];
            }
        }

        // Floats alone may lie apart: in a concatenation around this one, or in this one.
        private void CopyFloats(in ForwardContext context, int input, int rows, int to)
        {
            int channels = _bytes[input] / sizeof(float);
            int pitch = _outputPitch / sizeof(float);
            int inputPitch = shapes.InputPitches[input] == 0 ? channels : shapes.InputPitches[input];
            CopyOperators.CopyChannels(context.Scheduler, rows, channels, context.Input(input)[..(((rows - 1) * inputPitch) + channels)],
                inputPitch, context.Output.Slice(to, ((rows - 1) * pitch) + channels), pitch);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void CopyRows(in ForwardContext context, int input, int rows, int to)
        {
            int bytes = _bytes[input];
            ReadOnlySpan<byte> x = MemoryMarshal.AsBytes(context.Input(input));
            Span<byte> y = MemoryMarshal.AsBytes(context.Output);
            for (int row = 0; row < rows; row++)
                x.Slice(row * bytes, bytes).CopyTo(y.Slice((row * _outputPitch) + to, bytes));
        }
    }
}
