using System.Numerics.Tensors;
using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Testing;

namespace CnnFast.Tests.Models;

/// <summary>The ways into a session: bytes, tensors, several inputs and outputs, other sizes, tasks.</summary>
public sealed class SessionInterfaceTests
{
    private const int MaxBatch = 3;

    [Theory]
    [InlineData("convolution")]
    [InlineData("pool")]
    public void Bytes_give_what_the_numbers_behind_them_give(string first)
    {
        // A convolution with every side padded, or a layer that no number can be folded into.
        Layer start = first == "pool"
            ? new MaxPool2D(2, padding: Padding.Same)
            : new Conv2D(8, (3, 4), padding: Padding.Explicit(1, 2, 0, 3), stride: (1, 2));
        Model model = new Sequential(start, new ReLU(), new Conv2D(3, 3)).Build(new Shape(12, 17, 3), seed: 4);
        ByteInput bytes = ByteInput.FromMeanStd([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
        byte[] images = Bytes(MaxBatch * model.InputShape.ElementCount);
        float[] numbers = new float[images.Length];
        for (int i = 0; i < images.Length; i++)
            numbers[i] = new Normalization(bytes.Scale[i % 3], bytes.Offset[i % 3]).Apply(images[i], 0);
        float[] expected = model.Predict(numbers);

        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = MaxBatch, ByteInput = bytes });
        float[] output = new float[expected.Length];
        session.RunBytes(images, output);
        double scale = expected.Max(value => Math.Abs(value));
        for (int i = 0; i < output.Length; i++)
            Assert.InRange(output[i] - expected[i], -1e-5 * scale, 1e-5 * scale);
        Assert.Equal(0, Allocations.Least(() => session.RunBytes(images, output)));
    }

    [Fact]
    public void Bytes_whose_zero_no_float_can_name_are_looked_up()
    {
        Model model = new Sequential(new Conv2D(2, 3, padding: Padding.Same)).Build(new Shape(4, 4, 1), seed: 1);
        using var session = new InferenceSession(model, new SessionOptions { ByteInput = ByteInput.Create([1e-39], [1]) });
        float[] output = new float[32], expected = new float[16];
        Array.Fill(expected, 1);
        session.RunBytes(new byte[16], output);
        Assert.Equal(model.Predict(expected), output);
    }

    [Fact]
    public void A_session_of_bytes_refuses_floats_and_the_other_way_round()
    {
        Model model = new Sequential(new Conv2D(2, 3)).Build(new Shape(5, 5, 1), seed: 1);
        using var bytes = new InferenceSession(model, new SessionOptions { ByteInput = ByteInput.From(model.Normalization) });
        using var floats = new InferenceSession(model);
        Assert.Contains("the session takes bytes",
            Assert.Throws<InvalidOperationException>(() => bytes.Run(new float[25], new float[2])).Message, StringComparison.Ordinal);
        Assert.Contains("the session takes floats",
            Assert.Throws<InvalidOperationException>(() => floats.RunBytes(new byte[25], new float[2])).Message, StringComparison.Ordinal);
        Assert.Contains("has 24 values; expected 25",
            Assert.Throws<ShapeException>(() => bytes.RunBytes(new byte[24], new float[2])).Message, StringComparison.Ordinal);
        Assert.Contains("numbers for 3 channels", Assert.Throws<ShapeException>(() => new InferenceSession(model,
            new SessionOptions { ByteInput = ByteInput.Create([1, 1, 1], [0, 0, 0]) })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ByteInput.Create([1, 2], [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ByteInput.Create([0], [0]));
    }

    [Fact]
    public void Several_inputs_and_outputs_run_by_order_and_by_name()
    {
        Model model = TwoInTwoOut();
        Assert.Equal(["image", "extra"], model.Inputs.Select(input => input.Name));
        Assert.Equal(["sum", "side"], model.Outputs.Select(output => output.Name));
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = MaxBatch });
        float[] image = Floats(2 * 6 * 5 * 2, 1), extra = Floats(2 * 4, 2), sum = new float[2 * 3], side = new float[2 * 4];
        session.Run([image, extra], [sum, side]);

        // Each sample alone, and by name.
        float[] sum1 = new float[3], side1 = new float[4];
        session.Run(
            new Dictionary<string, ReadOnlyMemory<float>> { ["extra"] = extra.AsMemory(4), ["image"] = image.AsMemory(60) },
            new Dictionary<string, Memory<float>> { ["sum"] = sum1, ["side"] = side1 });
        Assert.Equal(sum[3..], sum1);
        Assert.Equal(side[4..], side1);
        Assert.Equal(0, Allocations.Least(() => session.Run([image, extra], [sum, side])));
    }

    [Fact]
    public void Wrong_memories_of_several_inputs_are_one_sentence()
    {
        using var session = new InferenceSession(TwoInTwoOut(), new SessionOptions { MaxBatch = 2 });
        float[] image = new float[60], extra = new float[4], sum = new float[3], side = new float[4];
        Assert.Contains("1 inputs and 2 outputs were given; expected 2 and 2",
            Assert.Throws<ArgumentException>(() => session.Run([image], [sum, side])).Message, StringComparison.Ordinal);
        Assert.Contains("the input 'extra' has 5 values; expected 4 for 1 sample of (N, 4)",
            Assert.Throws<ShapeException>(() => session.Run([image, new float[5]], [sum, side])).Message, StringComparison.Ordinal);
        Assert.Contains("the outputs 'sum' and 'side' overlap",
            Assert.Throws<ArgumentException>(() => session.Run([image, extra], [side.AsMemory(1), side])).Message,
            StringComparison.Ordinal);
        Assert.Contains("the output 'side' overlaps the input 'extra'",
            Assert.Throws<ArgumentException>(() => session.Run([image, extra], [sum, extra])).Message, StringComparison.Ordinal);
        Assert.Contains("the input 'extra' is missing; expected 'image', 'extra'",
            Assert.Throws<ArgumentException>(() => session.Run(new Dictionary<string, ReadOnlyMemory<float>> { ["image"] = image },
                new Dictionary<string, Memory<float>>())).Message,
            StringComparison.Ordinal);
        Assert.Contains("there is no input 'picture'; expected 'image', 'extra'",
            Assert.Throws<ArgumentException>(() => session.Run(new Dictionary<string, ReadOnlyMemory<float>> { ["picture"] = image },
                new Dictionary<string, Memory<float>>())).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => session.Run(image, sum));
    }

    [Fact]
    public void A_model_with_several_inputs_and_outputs_survives_its_file()
    {
        Model model = TwoInTwoOut();
        using var file = new TemporaryFile();
        model.Save(file.Path);
        Model loaded = Model.Load(file.Path);
        Assert.Equal(model.Inputs, loaded.Inputs);
        Assert.Equal(model.Outputs, loaded.Outputs);
        float[] image = Floats(60, 1), extra = Floats(4, 2);
        float[][] outputs = [new float[3], new float[4], new float[3], new float[4]];
        using var a = new InferenceSession(model);
        using var b = new InferenceSession(loaded);
        a.Run([image, extra], [outputs[0], outputs[1]]);
        b.Run([image, extra], [outputs[2], outputs[3]]);
        Assert.Equal(outputs[0], outputs[2]);
        Assert.Equal(outputs[1], outputs[3]);
    }

    [Fact]
    public void Wrong_inputs_and_outputs_of_a_model_are_one_sentence()
    {
        var x = new Input(new Shape(4), "x");
        var unused = new Input(new Shape(4), "unused");
        ModelNode y = new Dense(2).Apply(x);
        Assert.Contains("no output depends on the input 'unused'",
            Assert.Throws<ArgumentException>(() => Model.Build([x, unused], [y])).Message, StringComparison.Ordinal);
        Assert.Contains("output 2 was given before", Assert.Throws<ArgumentException>(() => Model.Build([x], [y, y])).Message,
            StringComparison.Ordinal);
        Assert.Contains("no output was given", Assert.Throws<ArgumentException>(() => Model.Build([x], [])).Message,
            StringComparison.Ordinal);
        Assert.Contains("depends on an Input that was not given",
            Assert.Throws<ArgumentException>(() => Model.Build([unused], [y])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_are_taken_and_returned()
    {
        Model model = new Sequential(new Conv2D(2, 3), new Flatten(), new Dense(4)).Build(new Shape(5, 6, 2), seed: 3);
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 2 });
        float[] input = Floats(2 * 60, 5);
        float[] expected = model.Predict(input);
        Tensor<float> result = session.Run(new ReadOnlyTensorSpan<float>(input, [2, 5, 6, 2], []));
        Assert.Equal([2, 4], result.Lengths.ToArray());
        float[] flat = new float[8];
        result.FlattenTo(flat);
        Assert.Equal(expected, flat);

        float[] output = new float[8];
        session.Run(new ReadOnlyTensorSpan<float>(input, [2, 5, 6, 2], []), new TensorSpan<float>(output, [2, 4], []));
        Assert.Equal(expected, output);
        Assert.Contains("has the shape [2, 6, 5, 2]; expected (N, 5, 6, 2)",
            Assert.Throws<ShapeException>(() => session.Run(new ReadOnlyTensorSpan<float>(input, [2, 6, 5, 2], []))).Message,
            StringComparison.Ordinal);
        Assert.Contains("gaps between its elements", Assert.Throws<ShapeException>(() =>
            session.Run(new ReadOnlyTensorSpan<float>(new float[1000], [1, 5, 6, 2], [0, 13, 2, 1]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_may_have_dimensions_of_one()
    {
        Model model = new Sequential(new Conv2D(1, 3), new Flatten(), new Dense(1)).Build(new Shape(5, 5, 1), seed: 3);
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 2 });
        float[] input = Floats(50, 5);
        float[] output = new float[2];
        session.Run(new ReadOnlyTensorSpan<float>(input, [2, 5, 5, 1], []), new TensorSpan<float>(output, [2, 1], []));
        Assert.Equal(model.Predict(input), output);
        Assert.Equal([1, 1], session.Run(new ReadOnlyTensorSpan<float>(input, [1, 5, 5, 1], [])).Lengths.ToArray());
    }

    [Fact]
    public void A_new_size_after_the_weights_changed_is_refused_and_the_rest_goes_on()
    {
        Model model = new Sequential(new Conv2D(2, 3), new GlobalAveragePool2D()).Build(new Shape(5, 5, 1), seed: 3);
        using var session = new InferenceSession(model);
        float[] output = new float[2];
        session.Run(new float[49], new Shape(7, 7, 1), output);
        model.Parameters[1].Assign([1, 2]);
        session.Run(new float[49], new Shape(7, 7, 1), output);
        Assert.Equal([0f, 0f], output);
        Assert.Contains("weights have changed since the session was created",
            Assert.Throws<InvalidOperationException>(() => session.Run(new float[36], new Shape(6, 6, 1), output)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Other_sizes_run_on_plans_that_are_kept()
    {
        Layer[] layers = [new Conv2D(6, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPool2D(2),
            new Conv2D(4, 3, stride: 2), new GlobalAveragePool2D(), new Dense(3)];
        Model model = new Sequential(layers).Build(new Shape(16, 16, 2), seed: 9);
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 2, MaxCachedShapes = 2 });
        foreach ((int h, int w) in ((int, int)[])[(16, 16), (10, 21), (33, 9), (10, 21), (64, 64), (33, 9)])
        {
            var shape = new Shape(h, w, 2);
            Model sized = new Sequential(layers).Build(shape, seed: 9);
            float[] input = Floats(2 * h * w * 2, h);
            float[] output = new float[6];
            session.Run(input, shape, output);
            Assert.Equal(sized.Predict(input), output);
            Assert.Equal(new Shape(3), session.OutputShapeFor(shape));
            Assert.Equal(0, Allocations.Least(() => session.Run(input, shape, output)));
        }

        ShapeException small = Assert.Throws<ShapeException>(() => session.Run(new float[8], new Shape(2, 2, 2), new float[3]));
        Assert.Contains("Conv2D 'conv2d_2'", small.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_is_not_warmed_up_computes_the_same()
    {
        Model model = new Sequential(new Conv2D(6, 3), new GlobalAveragePool2D(), new Dense(3)).Build(new Shape(16, 16, 2), seed: 9);
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 2, WarmUp = false });
        float[] input = Floats(2 * 16 * 16 * 2, 1);
        float[] output = new float[6];
        session.Run(input, output);
        Assert.Equal(model.Predict(input), output);
        Assert.Equal(0, Allocations.Least(() => session.Run(input, output)));
    }

    [Fact]
    public void A_size_that_does_not_fit_the_weights_names_the_layer()
    {
        Model model = new Sequential(new Conv2D(2, 3), new Flatten(), new Dense(4, name: "head")).Build(new Shape(5, 6, 2), seed: 3);
        using var session = new InferenceSession(model);
        ShapeException error = Assert.Throws<ShapeException>(() => session.Run(new float[7 * 6 * 2], new Shape(7, 6, 2), new float[4]));
        Assert.StartsWith("Dense 'head': for inputs of (N, 7, 6, 2) it would need 'head.filter' [40, 4], but it has [24, 4]", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_gives_the_same_bits_and_is_cancelled_between_layers()
    {
        Model model = TestModels.Build("chain");
        using var session = new InferenceSession(model);
        float[] input = TestModels.Input(model, 1);
        float[] output = new float[4];
        await session.RunAsync(input, output, TestContext.Current.CancellationToken);
        Assert.Equal(model.Predict(input), output);

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.RunAsync(input, output, cancelled.Token));
        session.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.RunAsync(input, output, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Several_memories_and_bytes_run_as_tasks_too()
    {
        Model model = TwoInTwoOut();
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 2 });
        (float[] image, float[] extra) = (Floats(2 * 60, 1), Floats(2 * 4, 2));
        (float[] sum, float[] side) = (new float[6], new float[8]);
        session.Run([image, extra], [sum, side]);
        (float[] sumLater, float[] sideLater) = (new float[6], new float[8]);
        await session.RunAsync([image, extra], [sumLater, sideLater], TestContext.Current.CancellationToken);
        Assert.Equal(sum, sumLater);
        Assert.Equal(side, sideLater);
        ArgumentException missing = await Assert.ThrowsAsync<ArgumentException>(() =>
            session.RunAsync([image], [sum, side], TestContext.Current.CancellationToken));
        Assert.StartsWith("InferenceSession.Run: 1 inputs and 2 outputs were given; expected 2 and 2.", missing.Message,
            StringComparison.Ordinal);

        Model photos = new Sequential(new Flatten(), new Dense(3)).Build(new Shape(4, 4, 3), seed: 1);
        using var bytes = new InferenceSession(photos, new SessionOptions { ByteInput = ByteInput.From(photos.Normalization) });
        (float[] now, float[] later) = (new float[3], new float[3]);
        bytes.RunBytes(Bytes(48), now);
        await bytes.RunBytesAsync(Bytes(48), later, TestContext.Current.CancellationToken);
        Assert.Equal(now, later);
    }

    [Fact]
    public void Every_run_can_be_cancelled()
    {
        CancellationToken cancelled = new(canceled: true);
        Model model = new Sequential(new Conv2D(2, 3), new GlobalAveragePool2D(), new Dense(2)).Build(new Shape(5, 5, 1), seed: 3);
        using var session = new InferenceSession(model);
        float[] output = new float[2];
        Assert.ThrowsAny<OperationCanceledException>(() => session.Run(new float[25], output, cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => session.Run(new float[49], new Shape(7, 7, 1), output, cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => session.Run([new float[25]], [output], cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            session.Run(new ReadOnlyTensorSpan<float>(new float[25], [1, 5, 5, 1], []), cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => session.Run(
            new Dictionary<string, ReadOnlyMemory<float>> { [model.Inputs[0].Name] = new float[25] },
            new Dictionary<string, Memory<float>> { [model.Outputs[0].Name] = output }, cancelled));
        using var bytes = new InferenceSession(model, new SessionOptions { ByteInput = ByteInput.From(model.Normalization) });
        Assert.ThrowsAny<OperationCanceledException>(() => bytes.RunBytes(new byte[25], output, cancelled));
        session.Run(Floats(25, 1), output, CancellationToken.None);
        Assert.Equal(model.Predict(Floats(25, 1)), output);
    }

    [Fact]
    public void Messages_name_the_method_that_was_called()
    {
        using var several = new InferenceSession(TwoInTwoOut());
        Assert.StartsWith("InferenceSession.OutputShapeFor: the model has 2 inputs and 2 outputs",
            Assert.Throws<InvalidOperationException>(() => several.OutputShapeFor(new Shape(6, 5, 2))).Message, StringComparison.Ordinal);
        Assert.StartsWith("InferenceSession.Profile: the model has 2 inputs and 2 outputs",
            Assert.Throws<InvalidOperationException>(() => several.Profile(new float[60], new float[3])).Message, StringComparison.Ordinal);
        Assert.StartsWith("InferenceSession.Profile: the input 'image' has 59 values",
            Assert.Throws<ShapeException>(() => several.Profile([new float[59], new float[4]], [new float[3], new float[4]])).Message,
            StringComparison.Ordinal);

        Model model = new Sequential(new Flatten(), new Dense(2)).Build(new Shape(3, 3, 1), seed: 1);
        using var floats = new InferenceSession(model);
        Assert.StartsWith("InferenceSession.RunBytes: the session takes floats",
            Assert.Throws<InvalidOperationException>(() => floats.RunBytes(new byte[9], new float[2])).Message, StringComparison.Ordinal);
        Assert.StartsWith("InferenceSession.Profile: the input has 8 values",
            Assert.Throws<ShapeException>(() => floats.Profile(new float[8], new float[2])).Message, StringComparison.Ordinal);
        using var bytes = new InferenceSession(model, new SessionOptions { ByteInput = ByteInput.From(model.Normalization) });
        Assert.StartsWith("InferenceSession.RunBytes: the input has 8 values",
            Assert.Throws<ShapeException>(() => bytes.RunBytes(new byte[8], new float[2])).Message, StringComparison.Ordinal);
        Assert.StartsWith("InferenceSession.Profile: the session takes bytes",
            Assert.Throws<InvalidOperationException>(() => bytes.Profile(new float[9], new float[2])).Message, StringComparison.Ordinal);
    }

    private static Model TwoInTwoOut()
    {
        var image = new Input(new Shape(6, 5, 2), "image");
        var extra = new Input(new Shape(4), "extra");
        ModelNode features = new Dense(4, name: "side")
            .Apply(new GlobalAveragePool2D().Apply(new Conv2D(8, 3, activation: Activation.ReLU).Apply(image)));
        ModelNode sum = new Dense(3, name: "sum").Apply(new Add().Apply(features, extra));
        return Model.Build([image, extra], [sum, features], seed: 6, name: "two");
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(11).NextBytes(bytes);
        return bytes;
    }

    private static float[] Floats(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
