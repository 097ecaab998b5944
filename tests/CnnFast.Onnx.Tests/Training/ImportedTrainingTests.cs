using CnnFast.Data;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Tests.Reading;
using CnnFast.Training;
using Google.Protobuf;

namespace CnnFast.Onnx.Tests.Training;

/// <summary>Imported models are trained, or refused by name.</summary>
public sealed class ImportedTrainingTests
{
    private static readonly FitOptions s_options = new() { Epochs = 2, BatchSize = 8 };

    public static TheoryData<string> Names() => [.. TrainedOperator.All.Select(op => op.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_page_says_can_be_trained_is_trained(string name)
    {
        Model model = OnnxModel.Load(Find(name).Model()).ToModel(layout: OnnxLayout.Nhwc);
        float[][] before = [.. model.Parameters.Select(parameter => parameter.Values.ToArray())];
        FitResult result = new Trainer(model, new Adam(0.01f)).Fit(Images(), s_options, null, TestContext.Current.CancellationToken);
        Assert.True(double.IsFinite(result.Epochs[^1].TrainLoss));
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(model.Parameters[i].Trainable, !before[i].AsSpan().SequenceEqual(model.Parameters[i].Values));
    }

    [Theory]
    [InlineData("Add", false, true)]
    [InlineData("Sub", false, true)]
    [InlineData("Mul", true, false)]
    [InlineData("Div", true, false)]
    public void Of_a_scale_and_a_shift_the_one_that_the_file_has_is_trained(string name, bool scale, bool shift)
    {
        Model model = OnnxModel.Load(Find(name).Model()).ToModel(layout: OnnxLayout.Nhwc);
        Assert.Equal(scale, model.Parameters.Single(parameter => parameter.Name.EndsWith(".scale", StringComparison.Ordinal)).Trainable);
        Assert.Equal(shift, model.Parameters.Single(parameter => parameter.Name.EndsWith(".shift", StringComparison.Ordinal)).Trainable);
    }

    [Fact]
    public void What_has_no_gradient_is_named_when_the_trainer_is_created_unless_all_before_it_is_frozen()
    {
        var op = new TrainedOperator("Selu", "", graph => graph.Node.Add(Protos.Node("Selu", ["a"], ["b"])));
        Model model = OnnxModel.Load(op.Model()).ToModel(layout: OnnxLayout.Nhwc);
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => new Trainer(model, new Adam()));
        Assert.Equal("Trainer: SELU 'b' has no gradient: imported models with it run, but only what follows it can be trained, " +
            "with Trainable of all parameters before it set to false.", e.Message);

        model.Parameters[0].Trainable = false;
        var trainer = new Trainer(model, new Adam());
        float[] dense = model.Parameters[^1].Values.ToArray();
        trainer.Fit(Images(), s_options, null, TestContext.Current.CancellationToken);
        Assert.NotEqual(dense, model.Parameters[^1].Values.ToArray());

        model.Parameters[0].Trainable = true;
        e = Assert.Throws<NotSupportedException>(() => trainer.Fit(Images(), s_options, null, TestContext.Current.CancellationToken));
        Assert.StartsWith("Trainer.Fit: SELU 'b'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_beside_the_weights_are_refused_by_name()
    {
        var op = new TrainedOperator("Add", "", graph =>
        {
            graph.Initializer.Add(Protos.Raw("grid", TensorProto.Types.DataType.Float, new float[8 * 6], 8, 6));
            graph.Node.Add(Protos.Node("Add", ["a", "grid"], ["b"]));
        });
        Model model = OnnxModel.Load(op.Model()).ToModel(layout: OnnxLayout.Nhwc);
        foreach (Parameter parameter in model.Parameters.SkipLast(1))
            parameter.Trainable = false;
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => new Trainer(model, new Adam()));
        Assert.Equal("Trainer: Constant 'b.constant' is a tensor beside the weights, which training does not hold: " +
            "imported models with it run, but cannot be trained.", e.Message);
    }

    [Fact]
    public void Other_elements_than_floats_are_refused_by_name_even_before_all_that_is_trained()
    {
        var op = new TrainedOperator("Cast", "", graph => graph.Node.AddRange(
        [
            Protos.Node("Cast", ["a"], ["whole"], new AttributeProto
            {
                Name = "to",
                I = (int)TensorProto.Types.DataType.Int32,
                Type = AttributeProto.Types.AttributeType.Int,
            }),
            Protos.Node("Cast", ["whole"], ["b"], new AttributeProto
            {
                Name = "to",
                I = (int)TensorProto.Types.DataType.Float,
                Type = AttributeProto.Types.AttributeType.Int,
            }),
        ]));
        Model model = OnnxModel.Load(op.Model()).ToModel(layout: OnnxLayout.Nhwc);
        model.Parameters[0].Trainable = false;
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => new Trainer(model, new Adam()));
        Assert.Equal(
            "Trainer: Cast 'whole' works on Int32, and training on Float32 alone: imported models with it run, but cannot be trained.",
            e.Message);
    }

    [Fact]
    public void Images_in_another_order_than_the_model_has_name_the_layout_to_ask_for()
    {
        OnnxModel onnx = OnnxModel.Load(Find("Relu").Model());
        Model model = onnx.ToModel();
        ShapeException e = Assert.Throws<ShapeException>(() =>
            new Trainer(model, new Adam()).Fit(Images(), s_options, null, TestContext.Current.CancellationToken));
        Assert.Equal("Trainer.Fit: the samples have the shape [8, 6, 3]; the model expects [3, 8, 6]. Images are channels last here, " +
            "and channels first in the ONNX file: make the model with ToModel(layout: OnnxLayout.Nhwc).", e.Message);
        e = Assert.Throws<ShapeException>(() => Evaluator.Evaluate(model, Images(), null, TestContext.Current.CancellationToken));
        Assert.EndsWith("make the model with ToModel(layout: OnnxLayout.Nhwc).", e.Message, StringComparison.Ordinal);
        Evaluator.Evaluate(onnx.ToModel(layout: OnnxLayout.Nhwc), Images(), null, TestContext.Current.CancellationToken);
    }

    private static TrainedOperator Find(string name) => TrainedOperator.All.Single(op => op.Name == name);

    private static ImageDataset Images()
    {
        const int Count = 16;
        var pixels = new byte[Count * 8 * 6 * 3];
        new Random(1).NextBytes(pixels);
        return new ImageDataset(new Shape(8, 6, 3), 4, pixels, [.. Enumerable.Range(0, Count).Select(i => i % 4)]);
    }
}
