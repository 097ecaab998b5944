using CnnFast.Layers;

namespace CnnFast.Tests.Models;

/// <summary>Sequential and functional descriptions, names, the summary.</summary>
public sealed class ModelBuildingTests
{
    private static Sequential Layers => new(
        new Conv2D(32, 3, activation: Activation.ReLU),
        new MaxPool2D(2),
        new Flatten(),
        new Dropout(0.5f),
        new Dense(10, name: "scores"),
        new Softmax());

    [Fact]
    public void A_row_of_layers_and_the_same_layers_applied_one_by_one_are_the_same_model()
    {
        Model row = Layers.Build(new Shape(28, 28, 1), seed: 5);
        var x = new Input(28, 28, 1);
        ModelNode y = new Flatten().Apply(new MaxPool2D(2).Apply(new Conv2D(32, 3, activation: Activation.ReLU).Apply(x)));
        Model applied = Model.Build(x, new Softmax().Apply(new Dense(10, name: "scores").Apply(new Dropout(0.5f).Apply(y))), seed: 5);

        Assert.Equal(row.Summary(), applied.Summary());
        float[] image = TestModels.Input(row, 2);
        Assert.Equal(row.Predict(image), applied.Predict(image));
    }

    [Fact]
    public void The_summary_lists_layers_shapes_parameters_and_multiply_adds() => Assert.Equal(
        """
        Model small
        Layer                     Output shape     Parameters  Multiply-adds
        --------------------------------------------------------------------
        input (Input)             (N, 28, 28, 1)            0              0
        conv2d_1 (Conv2D)         (N, 26, 26, 32)         320        194,688
        max_pool2d_1 (MaxPool2D)  (N, 13, 13, 32)           0              0
        flatten_1 (Flatten)       (N, 5408)                 0              0
        dropout_1 (Dropout)       (N, 5408)                 0              0
        scores (Dense)            (N, 10)              54,090         54,080
        softmax_1 (Softmax)       (N, 10)                   0              0
        Total: 54,410 parameters (217,640 bytes), 248,768 multiply-adds a sample

        """.ReplaceLineEndings("\n"),
        Layers.Build(new Shape(28, 28, 1), name: "small").Summary());

    [Fact]
    public void The_summary_of_a_branching_model_says_what_each_layer_reads()
    {
        string summary = TestModels.Build("branches").Summary();
        Assert.Contains("add_1 (Add)", summary, StringComparison.Ordinal);
        Assert.Contains("conv2d_1, stem, stem", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Automatic_names_are_counted_by_kind_and_leave_given_names_alone()
    {
        Model model = new Sequential(new Dense(3), new Dense(3, name: "dense_1"), new Dense(3)).Build(new Shape(3));
        Assert.Equal(["input", "dense_2", "dense_1", "dense_3"], model.Layers.Select(layer => layer.Name));
        Assert.Equal("dense_1.bias", model.Parameters[3].Name);
        Assert.True(model.Parameters[2].Decays);
        Assert.False(model.Parameters[3].Decays);
    }

    [Fact]
    public void A_name_that_is_given_twice_is_rejected() => Assert.Equal(
        "Dense 'x': another layer of this model has the same name; names must be unique.",
        Assert.Throws<ArgumentException>(() => new Sequential(new Dense(3, name: "x"), new Dense(3, name: "x"))
            .Build(new Shape(3))).Message);

    [Fact]
    public void Add_in_a_row_of_layers_says_that_an_input_is_missing() => Assert.Equal(
        "Add 'add_1': 1 input was given; expected at least 2.",
        Assert.Throws<ArgumentException>(() => new Sequential(new Add()).Build(new Shape(3))).Message);

    [Fact]
    public void An_output_that_depends_on_another_input_is_rejected()
    {
        var x = new Input(3);
        Assert.Throws<ArgumentException>(() => Model.Build(x, new Add().Apply(x, new Input(3))));
        Assert.Throws<ArgumentException>(() => Model.Build(x, x));
        Assert.Throws<ArgumentException>(() => new Sequential());
        Assert.Throws<ShapeException>(() => new Input(new Shape()));
    }

    [Fact]
    public void A_very_deep_model_builds_and_runs()
    {
        var x = new Input(2);
        ModelNode y = x;
        for (int i = 0; i < 20_000; i++)
            y = new ReLU().Apply(y);
        Assert.Equal([0f, 3f], Model.Build(x, y).Predict([-1, 3]));
    }

    [Fact]
    public void Predict_takes_any_whole_number_of_samples_and_sees_changed_weights()
    {
        Model model = new Sequential(new Dense(1, useBias: false, filterInitializer: Initializer.Constant(2))).Build(new Shape(2));
        Assert.Equal(Enumerable.Range(0, 77).Select(i => 4f * i), model.Predict([.. Enumerable.Range(0, 154).Select(i => (float)(i / 2))]));
        model.Parameters[0].Assign([1, 0]);
        Assert.Equal([5f], model.Predict([5, 6]));
        Assert.Equal("Model.Predict: the input has 3 values; expected a whole number of samples of 2 (N, 2).",
            Assert.Throws<ShapeException>(() => model.Predict([1, 2, 3])).Message);
    }

    [Fact]
    public void Models_whose_output_is_a_view_of_the_input_run()
    {
        Assert.Equal([1f, 2, 3, 4], new Sequential(new Flatten()).Build(new Shape(2, 2)).Predict([1, 2, 3, 4]));
        Assert.Equal([1f, 2], new Sequential(new Dropout(0.5f)).Build(new Shape(2)).Predict([1, 2]));
        Assert.Equal([1f, 0, 3, 0],
            new Sequential(new ReLU(), new Flatten(), new Dropout(0.5f)).Build(new Shape(2, 2)).Predict([1, -2, 3, -4]));
    }
}
