using CnnFast.Files;
using CnnFast.Testing;

namespace CnnFast.Onnx.Tests.RealModels;

/// <summary>
/// Trained models give what ONNX Runtime gives: at the golden inputs, in batches, at other sizes, in either layout, without an allocation.
/// </summary>
public sealed class RealModelTests
{
    private static readonly int[] s_channelsLast = [0, 2, 3, 1];

    public static TheoryData<string> Names => [.. GoldenModel.Names];

    public static TheoryData<string, ConvAlgorithm, OnnxLayout> Runs()
    {
        var data = new TheoryData<string, ConvAlgorithm, OnnxLayout>();
        foreach (string name in GoldenModel.Names)
        {
            foreach (ConvAlgorithm algorithm in Enum.GetValues<ConvAlgorithm>())
            {
                foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
                    data.Add(name, algorithm, layout);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void The_golden_outputs_are_met_in_a_session(string name, ConvAlgorithm algorithm, OnnxLayout layout)
    {
        GoldenModel golden = GoldenModel.Load(name);
        Model model = golden.Model.ToModel(golden.Dimensions, layout);
        using var session = new InferenceSession(model, new SessionOptions { ConvAlgorithm = algorithm });
        float[][] outputs = Run(session, InLayout(golden.Inputs[0], model.Inputs[0]), 1);
        for (int i = 0; i < outputs.Length; i++)
            Difference.Holds($"{name}, {algorithm}, {layout}, output {i}", outputs[i], InLayout(golden.Outputs[i], model.Outputs[i]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_golden_outputs_are_met_by_name(string name)
    {
        GoldenModel golden = GoldenModel.Load(name);
        NpyArray input = golden.Inputs[0];
        IReadOnlyDictionary<string, OnnxTensor> outputs = golden.Model.Run(new Dictionary<string, OnnxTensor>
        {
            [golden.Model.Inputs[0].Name] = OnnxTensor.Create(input.Data.ToArray(), input.Shape.Dimensions),
        });
        Assert.Equal(golden.Model.Outputs.Select(output => output.Name).Order(), outputs.Keys.Order());
        for (int i = 0; i < golden.Outputs.Count; i++)
        {
            OnnxTensor output = outputs[golden.Model.Outputs[i].Name];
            Assert.Equal(golden.Outputs[i].Shape.Dimensions.ToArray(), output.Dimensions);
            Difference.Holds($"{name}, output {i}", output.Values<float>(), golden.Outputs[i].Data.Span);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Batches_give_what_ONNX_Runtime_gives_for_each_sample(string name)
    {
        const int Samples = 3;
        GoldenModel golden = GoldenModel.Load(name);
        using var native = new OnnxRuntimeFile(golden.Path);
        using var session = new InferenceSession(golden.Model.ToModel(golden.Dimensions),
            new SessionOptions { MaxBatch = 4, ConvAlgorithm = ConvAlgorithm.Direct });
        float[] first = golden.Inputs[0].Data.ToArray();
        float[] input = [.. first, .. first.Reverse(), .. first.Select(value => 0.7f * value)];
        float[][] outputs = Run(session, input, Samples);
        for (int sample = 0; sample < Samples; sample++)
        {
            float[][] expected = native.Run(input[(sample * first.Length)..((sample + 1) * first.Length)],
                golden.Inputs[0].Shape.Dimensions);
            for (int i = 0; i < outputs.Length; i++)
                Difference.Holds($"{name}, sample {sample}, output {i}", outputs[i].AsSpan(sample * expected[i].Length, expected[i].Length),
                    expected[i]);
        }
    }

    [Theory]
    [InlineData(48, 320, 1)]
    [InlineData(64, 100, 2)]
    [InlineData(32, 100, 2)]
    [InlineData(80, 77, 3)]
    public void Images_of_other_sizes_give_what_ONNX_Runtime_gives(int h, int w, int n)
    {
        GoldenModel golden = GoldenModel.Load("ppocr_cls");
        using var native = new OnnxRuntimeFile(golden.Path);
        using var session = new InferenceSession(golden.Model.ToModel(golden.Dimensions),
            new SessionOptions { MaxBatch = 4, ConvAlgorithm = ConvAlgorithm.Direct });
        using var channelsLast = new InferenceSession(golden.Model.ToModel(golden.Dimensions, OnnxLayout.Nhwc),
            new SessionOptions { MaxBatch = 4, ConvAlgorithm = ConvAlgorithm.Direct });
        var random = new Random(h + w);
        float[] input = [.. Enumerable.Range(0, n * 3 * h * w).Select(_ => (2 * random.NextSingle()) - 1)];
        float[] expected = Assert.Single(native.Run(input, n, 3, h, w));
        var output = new float[n * 2];
        session.Run(input, new Shape(3, h, w), output);
        Difference.Holds($"{n} of {h}×{w}", output, expected);
        channelsLast.Run(Difference.Transposed(input, [n, 3, h, w], s_channelsLast), new Shape(h, w, 3), output);
        Difference.Holds($"{n} of {h}×{w}, channels last", output, expected);
        OnnxTensor named =
            Assert.Single(golden.Model.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create(input, n, 3, h, w) })).Value;
        Difference.Holds($"{n} of {h}×{w}, by name", named.Values<float>(), expected);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_allocates_nothing(string name)
    {
        GoldenModel golden = GoldenModel.Load(name);
        using var session = new InferenceSession(golden.Model.ToModel(golden.Dimensions));
        ReadOnlyMemory<float>[] inputs = [golden.Inputs[0].Data];
        Memory<float>[] outputs = [.. session.Outputs.Select(output => new Memory<float>(new float[output.Shape.ElementCount]))];
        Assert.Equal(0, Allocations.Least(() => session.Run(inputs, outputs)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_number_of_threads_gives_the_same_bits(string name)
    {
        GoldenModel golden = GoldenModel.Load(name);
        Model model = golden.Model.ToModel(golden.Dimensions);
        using var one = new InferenceSession(model);
        using var two = new InferenceSession(model, new SessionOptions { MaxThreads = 2 });
        Assert.Equal(Run(one, golden.Inputs[0].Data.ToArray(), 1), Run(two, golden.Inputs[0].Data.ToArray(), 1));
    }

    // Images that the file has channels last already are not turned.
    private static float[] InLayout(NpyArray array, TensorInfo tensor) => array.Shape.Rank == 4
        && array.Shape.WithoutBatch() != tensor.Shape
        ? Difference.Transposed(array.Data.Span, array.Shape.Dimensions.ToArray(), s_channelsLast)
        : array.Data.ToArray();

    private static float[][] Run(InferenceSession session, float[] input, int samples)
    {
        float[][] outputs = [.. session.Outputs.Select(output => new float[samples * output.Shape.ElementCount])];
        session.Run([input], [.. outputs.Select(output => output.AsMemory())], TestContext.Current.CancellationToken);
        return outputs;
    }
}
