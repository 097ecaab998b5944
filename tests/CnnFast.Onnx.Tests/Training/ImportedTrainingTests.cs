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
        var op = new TrainedOperator("Round", "", graph => graph.Node.Add(Protos.Node("Round", ["a"], ["b"])));
        Model model = OnnxModel.Load(op.Model()).ToModel(layout: OnnxLayout.Nhwc);
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => new Trainer(model, new Adam()));
        Assert.Equal("Trainer: the output depends on 'a.filter' through Round 'b', which has no gradient: only what follows it can be " +
            "trained, with Trainable of all parameters before it set to false.", e.Message);

        model.Parameters[0].Trainable = false;
        var trainer = new Trainer(model, new Adam());
        float[] dense = model.Parameters[^1].Values.ToArray();
        trainer.Fit(Images(), s_options, null, TestContext.Current.CancellationToken);
        Assert.NotEqual(dense, model.Parameters[^1].Values.ToArray());

        model.Parameters[0].Trainable = true;
        e = Assert.Throws<NotSupportedException>(() => trainer.Fit(Images(), s_options, null, TestContext.Current.CancellationToken));
        Assert.StartsWith("Trainer.Fit: the output depends on 'a.filter' through Round 'b'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_gradient_may_stand_beside_the_way_to_the_output()
    {
        var op = new TrainedOperator("Round", "", graph => graph.Node.AddRange(
        [
            Protos.Node("Round", ["a"], ["round"]),
            Protos.Node("Sub", ["a", "round"], ["rest"]),
            Protos.Node("ArgMax", ["a"], ["place"], new AttributeProto
            {
                Name = "axis",
                I = 1,
                Type = AttributeProto.Types.AttributeType.Int,
            }),
            Protos.Node("Cast", ["place"], ["number"], To(TensorProto.Types.DataType.Float)),
            Protos.Node("Mul", ["rest", "number"], ["b"]),
        ]));
        Model model = OnnxModel.Load(op.Model()).ToModel(layout: OnnxLayout.Nhwc);
        float[] first = model.Parameters[0].Values.ToArray();
        new Trainer(model, new Adam()).Fit(Images(), s_options, null, TestContext.Current.CancellationToken);
        Assert.NotEqual(first, model.Parameters[0].Values.ToArray());
    }

    [Fact]
    public void Other_elements_than_floats_run_before_all_that_is_trained()
    {
        var op = new TrainedOperator("Cast", "", graph => graph.Node.AddRange(
        [
            Protos.Node("Cast", ["a"], ["whole"], To(TensorProto.Types.DataType.Int32)),
            Protos.Node("Cast", ["whole"], ["b"], To(TensorProto.Types.DataType.Float)),
        ]));
        Model model = OnnxModel.Load(op.Model()).ToModel(layout: OnnxLayout.Nhwc);
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => new Trainer(model, new Adam()));
        Assert.StartsWith("Trainer: the output depends on 'a.filter' through Cast 'whole', which has no gradient", e.Message,
            StringComparison.Ordinal);
        model.Parameters[0].Trainable = false;
        float[] dense = model.Parameters[^1].Values.ToArray();
        new Trainer(model, new Adam()).Fit(Images(), s_options, null, TestContext.Current.CancellationToken);
        Assert.NotEqual(dense, model.Parameters[^1].Values.ToArray());
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

    private static AttributeProto To(TensorProto.Types.DataType type) =>
        new() { Name = "to", I = (int)type, Type = AttributeProto.Types.AttributeType.Int };

    private static TrainedOperator Find(string name) => TrainedOperator.All.Single(op => op.Name == name);

    private static ImageDataset Images()
    {
        const int Count = 16;
        var pixels = new byte[Count * 8 * 6 * 3];
        new Random(1).NextBytes(pixels);
        return new ImageDataset(new Shape(8, 6, 3), 4, pixels, [.. Enumerable.Range(0, Count).Select(i => i % 4)]);
    }
}
