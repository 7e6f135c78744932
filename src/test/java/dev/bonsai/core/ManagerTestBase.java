package dev.bonsai.core;

import ai.djl.ndarray.NDManager;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;

/** A manager for each test method, with which whatever it has made is closed. */
public abstract class ManagerTestBase {

    protected NDManager manager;

    @BeforeMethod
    public final void openManager() {
        manager = NDManager.newBaseManager();
    }

    @AfterMethod
    public final void closeManager() {
        manager.close();
    }
}
